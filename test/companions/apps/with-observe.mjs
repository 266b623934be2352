// The greeter with @nestjs/observe, which wraps every provider.
import * as common from '@nestjs/common';
import * as core from '@nestjs/core';
import * as microservices from '@nestjs/microservices';
import * as sidecar from 'nestjs-sidecar-agent';
import { createObserveModule } from '@nestjs/observe';
import { runGreeter } from './run-greeter.cjs';

const { collector } = JSON.parse(process.env.SETTINGS);
const { ObserveModule, ObserveInstrument } = createObserveModule();

await runGreeter(
  { common, core, microservices, sidecar },
  {
    imports: [
      ObserveModule.forRoot({
        appKey: 'key',
        appSecret: 'secret',
        serviceId: 'greeter',
        endpoint: collector,
        flushInterval: 1_000,
      }),
    ],
    nestOptions: { instrument: ObserveInstrument },
    onGreet: async (name, app) => {
      await app.get(sidecar.SidecarAgent).update({ weight: 10 });
      return `hello ${name}`;
    },
  },
);
