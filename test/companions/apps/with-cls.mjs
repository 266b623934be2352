// The greeter with nestjs-cls. Each call changes the registration, and tells which stores were
// seen: by the call itself, and by the requests to the agent.
import * as common from '@nestjs/common';
import * as core from '@nestjs/core';
import * as microservices from '@nestjs/microservices';
import * as sidecar from 'nestjs-sidecar-agent';
import { ClsModule, ClsServiceManager } from 'nestjs-cls';
import { runGreeter } from './run-greeter.cjs';

const cls = ClsServiceManager.getClsService();
const seen = [];
let weight = 1;

await runGreeter(
  { common, core, microservices, sidecar },
  {
    imports: [
      ClsModule.forRoot({
        global: true,
        middleware: { mount: true, setup: (service) => service.set('user', 'http') },
        interceptor: {
          mount: true,
          setup: (service, context) => service.set('user', context.getType() === 'rpc' ? 'grpc' : 'http'),
        },
      }),
    ],
    sidecar: {
      headers: () => {
        seen.push(cls.isActive() ? `the store of ${cls.get('user')}` : 'no store');
        return {};
      },
    },
    onGreet: async (name, app) => {
      const agent = app.get(sidecar.SidecarAgent);
      await agent.update({ weight: (weight += 1) });
      return `hello ${name} of ${cls.get('user')}, the agent: ${[...new Set(seen)].join(', ')}`;
    },
  },
);
