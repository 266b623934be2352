import { Scope } from '@nestjs/common';
import { ContextIdFactory, type MetadataScanner, ModuleRef, type ModulesContainer } from '@nestjs/core';
import { isObject } from '../support/shape.js';
import { type Handled, handledBy } from './on-sidecar.decorator.js';
import type { SidecarEvent } from './sidecar-event.js';

type NestModule = ModulesContainer extends Map<string, infer Each> ? Each : never;
type Wrapper = NestModule extends { providers: Map<unknown, infer Each> } ? Each : never;

/** A method that `@OnSidecar` decorates, of one instance. */
export interface EventHandler {
  readonly handled: Handled;
  /** The class and the method, for the log. */
  readonly label: string;
  call(event: SidecarEvent): unknown;
}

/** An object or a class of objects that have the same methods. */
interface Owner {
  readonly prototype: object;
  /** Returns the object on which a method is called. */
  readonly instance: (event: SidecarEvent) => object | Promise<object>;
}

/** What a look at a module found. */
interface Found {
  readonly handlers: readonly EventHandler[];
  /** Whether Nest has created all instances of the module; if not, look again. */
  readonly isComplete: boolean;
}

/**
 * Returns the handlers of the providers and controllers of a module.
 *
 * @param known what was looked at before: instances, since one may have several tokens, and the
 *   wrappers of scoped ones. Those of this module are added
 */
export function eventHandlersOf(module: NestModule, scanner: MetadataScanner, known: Set<object>): Found {
  const wrappers = [...module.providers.values(), ...module.controllers.values()];
  const created = wrappers.filter(isCreated);
  const owners = created.flatMap((wrapper) => ownersOf(wrapper, module, known));
  return {
    handlers: owners.flatMap((owner) => handlersOf(owner, scanner)),
    isComplete: created.length === wrappers.length,
  };
}

/**
 * Nest adds a module that is loaded lazily before it creates its instances. Until then a class has
 * an empty object in place of its instance, and whether it is request-scoped is not known.
 */
function isCreated(wrapper: Wrapper): boolean {
  const { token, metatype, initTime } = wrapper;
  // Nest does not create what is a value, nor its own ModuleRef.
  return !metatype || token === ModuleRef || initTime !== undefined || isScoped(wrapper);
}

/** `isDependencyTreeStatic()` would keep its result, which is wrong while Nest loads the module. */
function isScoped(wrapper: Wrapper, path: readonly Wrapper[] = []): boolean {
  if (wrapper.scope === Scope.REQUEST) return true;
  if (path.includes(wrapper)) return false;
  const dependencies = wrapper.getCtorMetadata() as readonly Wrapper[] | undefined;
  return dependencies?.some((each) => isScoped(each, [...path, wrapper])) ?? false;
}

function ownersOf(wrapper: Wrapper, module: NestModule, known: Set<object>): readonly Owner[] {
  if (!wrapper.isDependencyTreeStatic()) return scopedOwners(wrapper, module, known);
  const instances: readonly unknown[] = wrapper.isTransient
    ? wrapper.getStaticTransientInstances().map((host): unknown => host?.instance)
    : [wrapper.instance];
  return instances.flatMap((instance) => {
    if (!isObject(instance) || known.has(instance)) return [];
    known.add(instance);
    const prototype: unknown = Object.getPrototypeOf(instance);
    return isObject(prototype) ? [{ prototype, instance: () => instance }] : [];
  });
}

/** Nest creates an instance for each request: here, the event is the request. */
function scopedOwners(wrapper: Wrapper, module: NestModule, known: Set<object>): readonly Owner[] {
  if (known.has(wrapper)) return [];
  known.add(wrapper);
  const { metatype, isNotMetatype, token } = wrapper;
  // The methods of what a factory returns are not known before.
  const prototype: unknown = isNotMetatype ? undefined : metatype?.prototype;
  if (!isObject(prototype)) return [];
  const instance = async (event: SidecarEvent): Promise<object> => {
    const ref = module.getProviderByKey<ModuleRef>(ModuleRef).instance;
    const contextId = ContextIdFactory.create();
    ref.registerRequestByContextId(event, contextId);
    return ref.resolve<object>(token as string, contextId, { strict: true });
  };
  return [{ prototype, instance }];
}

function handlersOf({ prototype, instance }: Owner, scanner: MetadataScanner): readonly EventHandler[] {
  return scanner.getAllMethodNames(prototype).flatMap((name) => {
    const method: unknown = Reflect.get(prototype, name);
    if (typeof method !== 'function') return [];
    return handledBy(method).map((handled) => ({
      handled,
      label: `${prototype.constructor.name}.${name}`,
      call: (event) => callOn(instance(event), name, event),
    }));
  });
}

function callOn(target: object | Promise<object>, name: string, event: SidecarEvent): unknown {
  if (target instanceof Promise) return target.then((instance) => callOn(instance, name, event));
  const method = Reflect.get(target, name) as (event: SidecarEvent) => unknown;
  return method.call(target, event);
}
