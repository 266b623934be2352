import type { SettingValues } from '../config/setting-values.js';
import { readAgentHeaders } from './agent-headers.js';
import { CliError } from './cli.error.js';
import { type DeregisterArguments, instanceSettings } from './deregister-arguments.js';
import { deregisterFile } from './deregister-file.js';
import { readModuleSettings } from './module-settings.js';
import { settingFaults } from './setting-faults.js';
import { type Goodbye, sayGoodbye } from './say-goodbye.js';

type Headers = Goodbye['headers'];

const AT_CONSUL =
  '. If the service registers straight at Consul, give --file, or use consul services deregister';

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
  const settings = readModuleSettings();
  const file = valueOf(settings, 'registrationFile');
  const isNamed = ['service.name', 'serverPort'].some((option) => valueOf(instance, option) !== undefined);
  if (typeof file === 'string' && !isNamed) return fromFile(file, headers);
  const given = instanceSettings(new Map([...settings, ...instance]));
  return `${await sayGoodbye(completeInstance(given, headers))}\n`;
}

async function fromFile(path: string, headers: Headers): Promise<string> {
  const { done, failed } = await deregisterFile(path, headers);
  if (failed.length > 0) throw new CliError([...failed, ...done].join('\n'), 1);
  return done.length > 0 ? `${done.join('\n')}\n` : `Nothing to deregister: ${path} has no registration\n`;
}

function completeInstance(given: SettingValues, headers: Headers): Goodbye {
  const faults = settingFaults(given);
  if (faults.length > 0) throw new CliError(faults.join('\n'), 2);
  const text = (option: string) => {
    const value = valueOf(given, option);
    return typeof value === 'string' ? value : undefined;
  };
  const name = text('service.name');
  const port = valueOf(given, 'serverPort');
  if (name === undefined || port === undefined) {
    const missing = name === undefined ? '--name' : '--port';
    throw new CliError(`${missing} is required: give --name and --port, or --file`, 2);
  }
  return {
    agent: { baseUrl: text('baseUrl'), socketPath: text('socketPath') },
    headers,
    adviceIfGone: AT_CONSUL,
    ...identify(valueOf(given, 'dialect'), {
      appId: text('app.id'),
      appInstanceId: text('app.instanceId'),
      serviceName: name,
      servicePort: Number(port),
    }),
  };
}

/** Without an instance id only the flat dialect can name the instance. */
function identify(
  given: unknown,
  {
    appId,
    appInstanceId,
    ...service
  }: Partial<Goodbye['request']> & Pick<Goodbye['request'], 'serviceName' | 'servicePort'>,
): Pick<Goodbye, 'dialect' | 'isAssumed' | 'request'> {
  const dialect = given === 'node' || given === 'flat' ? given : undefined;
  if (dialect === 'flat' || (dialect === undefined && appInstanceId === undefined)) {
    const request = { appId: '', appInstanceId: '', ...service };
    return { dialect: 'flat', isAssumed: dialect === undefined, request };
  }
  if (appId !== undefined && appInstanceId !== undefined) {
    return { dialect, request: { appId, appInstanceId, ...service } };
  }
  const missing = appId === undefined ? '--app-id' : '--instance-id';
  throw new CliError(
    `${missing} is required: agents of the dialect node know an instance by --app-id and --instance-id`,
    2,
  );
}

function valueOf(settings: SettingValues, option: string): unknown {
  return [...settings].find(([setting]) => setting.option === option)?.[1].value;
}
