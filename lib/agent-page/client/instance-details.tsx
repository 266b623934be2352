import { clockTime, groupMethods, grpcurlLine } from '../view/format.js';
import type { InstanceView } from '../view/instance-view.js';
import { AdviceText } from './advice-text.js';
import { Copyable } from './copyable.js';
import { Differences } from './differences.js';

/** All that the agent knows of an instance. */
export function InstanceDetails({ instance }: { readonly instance: InstanceView }) {
  return (
    <div class="details-body">
      {instance.warnings.map(({ text, advice, differences }) => (
        <div class="warning" key={text}>
          <p>{text}.</p>
          <Differences differences={differences} />
          <AdviceText advice={advice} />
        </div>
      ))}
      {instance.state === 'Registered' && (
        <p class="muted">
          Registered, not Serving: nothing accepts connections on port {instance.port} of 127.0.0.1 or ::1.
        </p>
      )}
      <Facts instance={instance} />
      <Methods instance={instance} />
      <Routes instance={instance} />
    </div>
  );
}

function Facts({ instance }: { readonly instance: InstanceView }) {
  const { instanceId, appId, env, namespace, dns, dialect, protocol, servicePort, registeredAt, history } =
    instance;
  const facts: readonly (readonly [string, string])[] = [
    ['Instance id', instanceId],
    ['App id', appId],
    ['Environment', env],
    ['Namespace', namespace],
    ['Callers use', `${dns}:${servicePort}`],
    ['Dialect, protocol', `${dialect}, ${protocol}`],
    ['Version, weight', `${instance.version}, ${instance.weight}`],
    ['Replays', String(instance.replays)],
    ['Last heard', clockTime(instance.heardAt)],
    ['First register', clockTime(registeredAt)],
    ['States', history.map(({ state, at }) => `${state} ${clockTime(at)}`).join(' → ')],
  ];
  return (
    <dl class="facts">
      {facts.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Methods({ instance: { methods, port, protocol } }: { readonly instance: InstanceView }) {
  if (methods.length === 0) return <p class="muted">No gRPC method.</p>;
  return (
    <>
      {groupMethods(methods).map(({ service, methods: ofService }) => (
        <section class="methods" key={service}>
          <h4>{service}</h4>
          <ul>
            {ofService.map(({ name, fullName }) => (
              <li key={fullName}>
                <span class="method">{name}</span>
                {protocol === 'grpc' && (
                  <Copyable text={grpcurlLine(port, fullName)} label={`the grpcurl line of ${name}`} />
                )}
              </li>
            ))}
          </ul>
        </section>
      ))}
      <p class="muted">
        grpcurl asks the service for its types by server reflection. If the service has none, put{' '}
        <code>-proto FILE</code> before the address.
      </p>
    </>
  );
}

function Routes({ instance: { routes } }: { readonly instance: InstanceView }) {
  if (routes.length === 0) return null;
  return (
    <table class="routes">
      <caption>HTTP routes</caption>
      <thead>
        <tr>
          <th scope="col">Route</th>
          <th scope="col">Leads to</th>
        </tr>
      </thead>
      <tbody>
        {routes.map(({ route, target }) => (
          <tr key={route}>
            <td>
              <code>{route}</code>
            </td>
            <td>
              <code>{target}</code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
