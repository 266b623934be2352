// The greeter with OpenTelemetry, which the application shuts down after everything else.
import * as common from '@nestjs/common';
import * as core from '@nestjs/core';
import * as microservices from '@nestjs/microservices';
import * as sidecar from 'nestjs-sidecar-agent';
import { sdk } from './own-sdk.mjs';
import { runGreeter } from './run-greeter.cjs';

class Telemetry {
  async onApplicationShutdown() {
    await sdk.shutdown();
  }
}
class TelemetryModule {}
common.Module({ providers: [Telemetry] })(TelemetryModule);

await runGreeter({ common, core, microservices, sidecar }, { imports: [TelemetryModule] });
