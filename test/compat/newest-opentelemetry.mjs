// Runs an application with the newest SDK of OpenTelemetry, on the package as it is built. That SDK
// needs a newer Node than the one of the suite. Usage, on Node 22 or later:
// node test/compat/newest-opentelemetry.mjs
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
const APP = 'opentelemetry-app.mjs';
const PACKAGES = ['api', 'sdk-node', 'sdk-trace', 'exporter-prometheus', 'instrumentation-undici'];

const folder = mkdtempSync(join(tmpdir(), 'sidecar-opentelemetry-'));
try {
  const modules = join(folder, 'node_modules');
  const versions = PACKAGES.map((name) => `@opentelemetry/${name}@latest`);
  const flags = ['--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', ['install', '--prefix', folder, ...flags, ...versions], {
    cwd: folder,
    stdio: 'inherit',
  });
  for (const name of packagesOf(join(ROOT, 'node_modules'))) link(name, modules);
  for (const path of ['dist', 'package.json']) {
    cpSync(join(ROOT, path), join(modules, 'nestjs-sidecar-agent', path), { recursive: true });
  }
  cpSync(join(import.meta.dirname, APP), join(folder, APP));
  const printed = execFileSync(process.execPath, [APP], { cwd: folder, encoding: 'utf8' });
  const { metrics, spans, calls } = JSON.parse(printed.trim().split('\n').at(-1));
  const labels = '{sidecar_agent_service_name="shop",otel_scope_name="nestjs-sidecar-agent"}';
  assert.deepEqual(metrics.sort(), [
    `sidecar_agent_connected${labels} 1`,
    `sidecar_agent_reconnects_total${labels} 0`,
    `sidecar_agent_registered${labels} 1`,
  ]);
  // One span for each call: the instrumentation of undici makes none.
  assert.deepEqual(
    spans.filter(([name]) => !/^GET/.test(name)),
    [
      ['sidecar_agent.register', null],
      ['sidecar_agent.drain', 'sidecar_agent.shutdown'],
      ['sidecar_agent.deregister', 'sidecar_agent.shutdown'],
      ['sidecar_agent.shutdown', null],
    ],
  );
  assert.deepEqual(calls, [
    ['/register', 'sidecar_agent.register'],
    ['/drain', 'sidecar_agent.drain'],
    ['/deregister', 'sidecar_agent.deregister'],
  ]);
  console.log(
    `Node ${process.version}: metrics, spans and trace context with the newest SDK of OpenTelemetry`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** What is installed, but for OpenTelemetry. */
function packagesOf(modules) {
  return readdirSync(modules)
    .filter((name) => !name.startsWith('.') && name !== '@opentelemetry')
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(modules, name)).map((inner) => `${name}/${inner}`) : [name],
    );
}

function link(name, modules) {
  const target = join(modules, name);
  if (existsSync(target)) return;
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules', name), target);
}
