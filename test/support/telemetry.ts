import { context, metrics, propagation, trace } from '@opentelemetry/api';
import {
  AggregationTemporality,
  type DataPoint,
  type Histogram,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricData,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-node';

/** The longest time between exports: a test exports when it looks. */
const NEVER = 2 ** 30;

/** What the SDK of OpenTelemetry has measured: the real one, with exporters that keep it. */
export class Telemetry {
  readonly #spans = new InMemorySpanExporter();
  readonly #tracer: NodeTracerProvider;
  readonly #metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  readonly #meter = new MeterProvider({
    readers: [new PeriodicExportingMetricReader({ exporter: this.#metrics, exportIntervalMillis: NEVER })],
  });

  /** Registers the SDK for the process. */
  constructor(processors: readonly SpanProcessor[] = []) {
    this.#tracer = new NodeTracerProvider({
      spanProcessors: [new SimpleSpanProcessor(this.#spans), ...processors],
    });
    // With the context manager and the propagator of W3C, as every SDK for Node has them.
    this.#tracer.register();
    metrics.setGlobalMeterProvider(this.#meter);
  }

  async shutdown(): Promise<void> {
    await this.#tracer.shutdown();
    await this.#meter.shutdown();
    for (const api of [trace, context, propagation, metrics]) api.disable();
  }

  /** The spans that have ended. */
  get spans(): readonly ReadableSpan[] {
    return this.#spans.getFinishedSpans();
  }

  /** The spans of one name that have ended, the first one first. */
  named(name: string): ReadableSpan[] {
    return this.spans.filter((span) => span.name === name);
  }

  /** Everything that is measured now, by name. */
  async metrics(): Promise<Map<string, MetricData>> {
    this.#metrics.reset();
    await this.#meter.forceFlush();
    const scopes = this.#metrics.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics);
    return new Map(scopes.flatMap((scope) => scope.metrics.map((data) => [data.descriptor.name, data])));
  }

  /** The points of a metric: the value of each set of attributes, or the count of a histogram. */
  async points(name: string): Promise<{ attributes: Record<string, unknown>; value: number }[]> {
    const data = (await this.metrics()).get(name);
    const points = (data?.dataPoints ?? []) as DataPoint<number | Histogram>[];
    return points.map(({ attributes, value }) => ({
      attributes,
      value: typeof value === 'number' ? value : value.count,
    }));
  }

  /** The value of a metric of one service. */
  async value(name: string, serviceName = 'greeter'): Promise<number | undefined> {
    const points = await this.points(name);
    return points.find(({ attributes }) => attributes['sidecar_agent.service.name'] === serviceName)?.value;
  }

  /** What a histogram has recorded of one service, added up. */
  async sum(name: string, serviceName = 'greeter'): Promise<number | undefined> {
    const points = ((await this.metrics()).get(name)?.dataPoints ?? []) as DataPoint<Histogram>[];
    return points.find(({ attributes }) => attributes['sidecar_agent.service.name'] === serviceName)?.value
      .sum;
  }
}
