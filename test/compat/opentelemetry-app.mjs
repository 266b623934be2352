// An application with SidecarAgentOtelModule, the newest SDK of OpenTelemetry and its
// instrumentation of undici. It registers, leaves, and prints what was measured and sent.
import 'reflect-metadata';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SidecarAgent, SidecarAgentModule } from 'nestjs-sidecar-agent';
import { SidecarAgentOtelModule } from 'nestjs-sidecar-agent/otel';
import { EmbeddedAgent } from 'nestjs-sidecar-agent/testing';

const spans = new InMemorySpanExporter();
const prometheus = new PrometheusExporter({ preventServerStart: true });
const sdk = new NodeSDK({
  spanProcessors: [new SimpleSpanProcessor({ exporter: spans })],
  metricReaders: [prometheus],
  instrumentations: [new UndiciInstrumentation()],
});
sdk.start();

const agent = new EmbeddedAgent();
await agent.start();
const sidecar = SidecarAgentModule.forRoot({
  app: { id: '10001', name: 'shop-center', env: 'test', version: 'v1.3.4' },
  service: { name: 'shop' },
  protocol: 'http',
  baseUrl: agent.url,
  drainDelay: 0,
});
class AppModule {}
Module({ imports: [sidecar, SidecarAgentOtelModule.forRoot()] })(AppModule);
const app = await NestFactory.create(AppModule, { logger: ['error'] });
await app.listen(0, '127.0.0.1');
await app.get(SidecarAgent).registered();
const metrics = await new Promise((resolve) => {
  prometheus.getMetricsRequestHandler({}, { setHeader() {}, end: resolve });
});
await app.close();
await agent.stop();

const ended = spans.getFinishedSpans();
const byId = new Map(ended.map((span) => [span.spanContext().spanId, span.name]));
const calls = agent.requests().filter(({ method }) => method === 'POST');
console.log(
  JSON.stringify({
    metrics: metrics
      .split('\n')
      .filter((line) => /^sidecar_agent_(connected|registered|reconnects)/.test(line)),
    spans: ended.map(({ name, parentSpanContext }) => [name, byId.get(parentSpanContext?.spanId) ?? null]),
    // The span whose context each call carries.
    calls: calls.map(({ path, headers }) => [path, byId.get(headers.traceparent?.split('-')[2]) ?? null]),
  }),
);
await sdk.shutdown();
