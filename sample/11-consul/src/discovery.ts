import { until } from './until.js';

/** An instance as Consul lists it. */
export interface Instance {
  readonly ID: string;
  readonly Address: string;
  readonly Port: number;
  /** Grows with each register of an instance that was not there. */
  readonly CreateIndex: number;
}

/** The address of Consul's HTTP API, from the variable that every Consul tool reads. */
export function consulUrl(): string {
  const address = process.env.CONSUL_HTTP_ADDR ?? '127.0.0.1:8500';
  return /^https?:/.test(address) ? address : `http://${address}`;
}

/** Calls Consul. It trusts the answer to have this form. */
export async function askConsul<T>(method: 'GET' | 'PUT', path: string): Promise<T> {
  const token = process.env.CONSUL_HTTP_TOKEN;
  const response = await fetch(`${consulUrl()}/v1/${path}`, {
    method,
    headers: token ? { 'x-consul-token': token } : {},
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return (text ? JSON.parse(text) : undefined) as T;
}

/** Returns the instances of a service that callers may call now. */
export async function list(service: string): Promise<Instance[]> {
  const entries = await askConsul<{ Service: Instance }[]>('GET', `health/service/${service}?passing`);
  return entries.map(({ Service }) => Service);
}

/** Waits until an instance of a service passes, and returns it. */
export async function passing(service: string): Promise<Instance> {
  const instance = await until(async () => (await list(service))[0]);
  if (!instance) throw new Error(`no instance of ${service} passes`);
  return instance;
}
