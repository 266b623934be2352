import * as v from 'valibot';
import { baseUrl } from '../options/address.schema.js';
import { readAgentHeaders } from './agent-headers.js';
import { CliError } from './cli.error.js';
import {
  type DeregisterArguments,
  type InstanceArguments,
  readDialect,
  readPort,
} from './deregister-arguments.js';
import { deregisterFile } from './deregister-file.js';
import { type FoundSetting, readModuleSettings } from './module-settings.js';
import { type Goodbye, sayGoodbye } from './say-goodbye.js';

type Headers = Goodbye['headers'];

/**
 * Deregisters an instance, or those of a registration file.
 *
 * @returns the text to print
 * @throws {CliError} if an instance may still be registered, or the arguments do not say which
 */
export async function runDeregister(args: DeregisterArguments): Promise<string> {
  const headers = readAgentHeaders();
  if (args.file !== undefined) return fromFile(args.file, headers);
  const { instance } = args;
  const settingOf = readModuleSettings();
  const file = settingOf('registrationFile')?.value;
  if (typeof file === 'string' && instance.name === undefined && instance.port === undefined) {
    return fromFile(file, headers);
  }
  return `${await sayGoodbye(completeInstance(instance, settingOf, headers))}\n`;
}

async function fromFile(path: string, headers: Headers): Promise<string> {
  const { done, failed } = await deregisterFile(path, headers);
  if (failed.length > 0) throw new CliError([...failed, ...done].join('\n'), 1);
  return done.length > 0 ? `${done.join('\n')}\n` : `Nothing to deregister: ${path} has no registration\n`;
}

function completeInstance(
  given: InstanceArguments,
  settingOf: (option: string) => FoundSetting | undefined,
  headers: Headers,
): Goodbye {
  const text = (value: string | undefined, option: string): string | undefined =>
    value ?? settingOf(option)?.value?.toString();
  const portSetting = settingOf('serverPort');
  const port = given.port ?? (portSetting && readPort(portSetting.place, portSetting.value));
  const name = text(given.name, 'service.name');
  if (name === undefined || port === undefined) {
    const missing = name === undefined ? '--name' : '--port';
    throw new CliError(`${missing} is required: give --name and --port, or --file`, 2);
  }
  const dialectSetting = settingOf('dialect');
  const dialect = given.dialect ?? readDialect(dialectSetting?.place ?? '', dialectSetting?.value);
  return {
    agent: {
      baseUrl: checkUrl(text(given.url, 'baseUrl')),
      socketPath: text(given.socket, 'socketPath'),
    },
    headers,
    ...identify(dialect, {
      appId: text(given.appId, 'app.id'),
      appInstanceId: text(given.instanceId, 'app.instanceId'),
      serviceName: name,
      servicePort: port,
    }),
  };
}

/** Without an instance id only the flat dialect can name the instance. */
function identify(
  dialect: Goodbye['dialect'],
  {
    appId,
    appInstanceId,
    ...service
  }: Partial<Goodbye['request']> & Pick<Goodbye['request'], 'serviceName' | 'servicePort'>,
): Pick<Goodbye, 'dialect' | 'request'> {
  if (appId !== undefined && appInstanceId !== undefined) {
    return { dialect, request: { appId, appInstanceId, ...service } };
  }
  if (dialect === 'node' || appInstanceId !== undefined) {
    const missing = appId === undefined ? '--app-id' : '--instance-id';
    throw new CliError(
      `${missing} is required: agents of the dialect node know an instance by --app-id and --instance-id`,
      2,
    );
  }
  return { dialect: 'flat', request: { appId: '', appInstanceId: '', ...service } };
}

function checkUrl(url: string | undefined): string | undefined {
  if (url === undefined) return undefined;
  const { issues } = v.safeParse(v.pipe(v.string(), baseUrl), url);
  // Without the value: it may hold a password.
  if (issues) throw new CliError(`--url: ${issues[0].message}`, 2);
  return url;
}
