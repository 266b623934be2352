// Unpacks Consul into .consul for the specs of this folder, unless CONSUL_BIN names a binary. It is
// the package `consul` of an older release of Debian or Ubuntu, since the newer ones have none. It
// installs nothing on the system: apt gets a source, lists and a cache of its own.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';

const folder = resolve(import.meta.dirname, '../../.consul');
const unpacked = join(folder, 'consul');

/** By the id in /etc/os-release: the last release that has the package, and what signs it. */
const RELEASES = {
  debian: { suite: 'bullseye', component: 'main', key: '/usr/share/keyrings/debian-archive-keyring.gpg' },
  ubuntu: { suite: 'jammy', component: 'universe', key: '/usr/share/keyrings/ubuntu-archive-keyring.gpg' },
};

const binary = process.env.CONSUL_BIN || unpacked;
if (binary === unpacked && !existsSync(unpacked)) {
  try {
    unpack();
  } catch (error) {
    fail(`its package could not be unpacked (${error.message})`);
  }
}
try {
  console.log(run(binary, ['version']).split('\n')[0]);
} catch (error) {
  fail(`${binary} does not start (${error.message})`);
}

function unpack() {
  mkdirSync(folder, { recursive: true });
  const work = mkdtempSync(join(folder, 'apt-'));
  try {
    const apt = aptGet(work);
    apt('update', '--error-on=any');
    apt('download', 'consul');
    const archive = readdirSync(work).find((name) => name.endsWith('.deb')) ?? '';
    run('dpkg-deb', ['--extract', join(work, archive), join(work, 'files')]);
    renameSync(join(work, 'files/usr/bin/consul'), unpacked);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Returns `apt-get` with the source of the older release, and nothing of the system's lists. */
function aptGet(work) {
  for (const name of ['state/lists/partial', 'cache/archives/partial']) {
    mkdirSync(join(work, name), { recursive: true });
  }
  writeFileSync(join(work, 'sources.list'), olderRelease());
  const own = {
    'Dir::Etc::SourceList': join(work, 'sources.list'),
    'Dir::Etc::SourceParts': '-',
    'Dir::State': join(work, 'state'),
    'Dir::Cache': join(work, 'cache'),
    'Acquire::Languages': 'none',
    'APT::Sandbox::User': 'root',
  };
  const options = Object.entries(own).flatMap(([name, value]) => ['--option', `${name}=${value}`]);
  return (...words) => run('apt-get', ['--quiet', '--quiet', ...options, ...words], { cwd: work });
}

/** Returns a source of the older release, from where this machine gets its own packages. */
function olderRelease() {
  const system = parseEnv(readFileSync('/etc/os-release', 'utf8'));
  const older = RELEASES[system.ID];
  if (!older) throw new Error(`${system.ID} is neither of ${Object.keys(RELEASES).join(', ')}`);
  const index = new RegExp(`^'(\\S+)/dists/(?:${system.VERSION_CODENAME}|(?:old)?stable)/InRelease'`, 'm');
  const [, uri] = index.exec(run('apt-get', ['update', '--print-uris'])) ?? [];
  if (!uri) throw new Error(`apt has no source of ${system.VERSION_CODENAME}`);
  return `deb [signed-by=${older.key}] ${uri} ${older.suite} ${older.component}\n`;
}

function run(command, words, options = {}) {
  return execFileSync(command, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], ...options });
}

function fail(why) {
  console.error(`Consul was NOT tested: ${why}. Set CONSUL_BIN to the path of a Consul binary.`);
  process.exit(1);
}
