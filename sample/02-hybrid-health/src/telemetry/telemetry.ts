import { metrics } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

/** Answers with the metrics in the format of Prometheus. It opens no port of its own. */
export const prometheus = new PrometheusExporter({ preventServerStart: true });

const resource = resourceFromAttributes({ 'service.name': 'catalog' });

/** Starts the SDK of OpenTelemetry. Call it before Nest creates the application. */
export function startTelemetry(): void {
  metrics.setGlobalMeterProvider(new MeterProvider({ resource, readers: [prometheus] }));
  // Without an exporter of spans it only propagates them: give it `spanProcessors` to keep them.
  new NodeTracerProvider({ resource }).register();
}
