// Packs the package as npm would publish it, installs the tarball in an empty project beside its
// peers, and imports every entry point from there: by import, by require, and the main one without
// Terminus. Then runs its command.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { install, link, manifest } from './support/install.mjs';

const project = mkdtempSync(join(tmpdir(), 'sidecar-package-'));
const run = (command, args, cwd) => execFileSync(command, args, { cwd, encoding: 'utf8' });

try {
  const optionalPeers = {
    './terminus': '@nestjs/terminus',
    './config': '@nestjs/config',
    './grpc-health': 'grpc-health-check',
    './otel': '@opentelemetry/api',
  };
  const { filename, files, installed } = install(project, Object.values(optionalPeers));

  const expected = {
    '.': 'SidecarAgentModule',
    './testing': 'EmbeddedAgent',
    './terminus': 'SidecarAgentHealthIndicator',
    './config': 'sidecarAgentConfig',
    './grpc-health': 'addGrpcHealth',
    './otel': 'SidecarAgentOtelModule',
    './consul': 'consulProviders',
  };
  // The optional peers come last, so that the others are shown to do without them.
  const entries = Object.keys(manifest.exports)
    .filter((entry) => entry !== './package.json')
    .sort((one, other) => Number(one in optionalPeers) - Number(other in optionalPeers));
  for (const entry of entries) {
    const name = expected[entry];
    if (!name) throw new Error(`say what the entry point ${entry} must export`);
    if (entry in optionalPeers) link(project, optionalPeers[entry]);
    const specifier = manifest.name + entry.slice(1);
    // Nest's log and errors show the names of classes, which a bundler may change.
    const check = `if (typeof entry.${name} !== 'function') throw new Error('no ${name}');
      for (const [key, value] of Object.entries(entry))
        if (/^class\\b/.test(value) && value.name !== key) throw new Error(key + ' is called ' + value.name);`;
    run(
      process.execPath,
      ['--input-type=module', '-e', `import * as entry from '${specifier}'; ${check}`],
      project,
    );
    run(
      process.execPath,
      ['--no-warnings', '--input-type=commonjs', '-e', `const entry = require('${specifier}'); ${check}`],
      project,
    );
    console.log(`${specifier}: import and require both give ${name}`);
  }
  mainWithoutConsul(installed);
  runCommand(installed);
  await runAgent(installed);
  loadSchematics(installed);
  readBrokenFile();
  console.log(`${filename}: ${files.length} files, ${entries.length} entry points`);
} finally {
  rmSync(project, { recursive: true, force: true });
}

/** Follows the imports of the main entry point: those of Consul are for who imports its own. */
function mainWithoutConsul(installed) {
  const seen = new Set();
  const follow = (file) => {
    if (seen.has(file)) return;
    seen.add(file);
    const imported = readFileSync(file, 'utf8').matchAll(/(?:from|import) '(\.[^']+\.js)'/g);
    for (const [, path] of imported) follow(join(file, '..', path));
  };
  follow(join(installed, manifest.exports['.'].default));
  const consul = [...seen].filter((file) => readFileSync(file, 'utf8').includes('/v1/agent/'));
  if (consul.length > 0) throw new Error(`the main entry point loads ${consul.join(', ')}`);
  console.log(`${manifest.name}: loads ${seen.size} files, and none of them knows Consul`);
}

/**
 * Runs the command as npm links it into `node_modules/.bin`: by the file itself, which must be
 * executable.
 */
function runCommand(installed) {
  const [[name, script]] = Object.entries(manifest.bin);
  const proto = join(project, 'hello.proto');
  writeFileSync(
    proto,
    `syntax = "proto3"; package hello; import "google/api/annotations.proto"; message M {}
    service Hello { rpc Say(M) returns (M) { option (google.api.http) = { get: "/hello" }; } }`,
  );
  const printed = run(join(installed, script), ['manifest', '--proto', 'hello.proto', '--out', '-'], project);
  const { schema, services, routes } = JSON.parse(printed);
  if (services.length !== 1 || routes[0]?.path !== '/hello') throw new Error(`${name} printed ${printed}`);
  console.log(`${name}: the packed command writes ${schema}`);
}

/** Runs the packed agent, and loads its page. */
async function runAgent(installed) {
  const [[name, script]] = Object.entries(manifest.bin);
  const agent = spawn(join(installed, script), ['agent', '--port', '0', '--json'], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(agent, 'exit');
  for await (const line of createInterface({ input: agent.stdout })) {
    const { event, url } = JSON.parse(line);
    if (event !== 'page') continue;
    for (const path of ['', 'page/page.js', 'page/page.css', 'page/icon.svg']) {
      const { status } = await fetch(url + path, { headers: { connection: 'close' } });
      if (status !== 200) throw new Error(`${name} agent answers /${path} with ${status}`);
    }
    agent.kill('SIGTERM');
  }
  const [code] = await ended;
  if (code !== 0) throw new Error(`${name} agent ended with ${code}`);
  console.log(`${name}: the packed agent serves its page`);
}

/** Loads the schematics as the Nest CLI does, which brings `@angular-devkit` along. */
function loadSchematics(installed) {
  const path = join(installed, manifest.schematics);
  const { schematics } = JSON.parse(readFileSync(path, 'utf8'));
  for (const [name, { factory, schema }] of Object.entries(schematics)) {
    const [file, exported] = factory.split('#');
    const loaded = join(path, '..', file);
    const check = `if (typeof require('${loaded}').${exported} !== 'function') throw new Error('no ${exported}')`;
    run(process.execPath, ['--input-type=commonjs', '-e', check], project);
    if (readFileSync(loaded, 'utf8').includes('@angular-devkit/')) throw new Error(`${file} needs a devkit`);
    if (schema) JSON.parse(readFileSync(join(path, '..', schema), 'utf8'));
    console.log(`${manifest.name}: the packed schematic ${name} can be loaded`);
  }
}

/** Lets the package load jsonc-parser, which it requires only to describe a fault of JSON. */
function readBrokenFile() {
  writeFileSync(join(project, 'broken.json'), '{\n  "app": {,');
  const read = `import { bootstrapOptions } from '${manifest.name}';
    try { bootstrapOptions('broken.json'); } catch ({ message }) { console.log(message); }`;
  const printed = run(process.execPath, ['--input-type=module', '-e', read], project);
  if (!printed.includes('not valid JSON at line 2, column 11')) throw new Error(`it says ${printed}`);
  console.log(`${manifest.name}: the packed module describes a fault of JSON`);
}
