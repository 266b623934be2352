import type { AddFlags } from '../add-flags.js';
import type { Application } from '../application/application.js';
import type { Peer } from '../application/peer-ranges.js';
import type { Changes } from '../changes.js';
import { addDevelopmentScripts, copyProtos } from './add-development-settings.js';
import { addHealth } from './add-health.js';
import { addOptions } from './add-options.js';
import { addPeers } from './add-peers.js';
import { addTest, setUpJest } from './add-test.js';
import { addToMain } from './add-to-main.js';
import { addToRootModule } from './add-to-root-module.js';
import { grpcOptions } from './grpc-options.js';

/**
 * Makes all changes.
 *
 * @returns whether package.json has packages now that it lacked
 */
export function addToApplication(changes: Changes, application: Application, flags: AddFlags): boolean {
  addDevelopmentScripts(changes);
  const peers: readonly Peer[] = ['@grpc/grpc-js', '@grpc/proto-loader', '@nestjs/microservices'];
  const added = addPeers(changes, application, peers);
  const grpc = grpcOptions(changes, application);
  if ('problem' in grpc) {
    changes.advise(grpc.file ?? application.project.main, grpc.problem, grpc.lines);
    if (grpc.lines.length > 0) changes.isLeft = true;
    return added.length > 0;
  }
  const health = flags.health ? addHealth(changes, application, grpc) : undefined;
  if (health) added.push(...addPeers(changes, application, ['@nestjs/terminus']));
  const entries = [...addOptions(changes, application, grpc), ...grpc.entries, ...(health ?? [])];
  addToRootModule(changes, application, entries);
  addToMain(changes, { ...application, main: grpc.main ?? application.main }, flags, grpc);
  if (grpc.copiesProtos) copyProtos(changes, application);
  setUpJest(changes, application);
  if (flags.test) addTest(changes, application, grpc);
  return added.length > 0;
}
