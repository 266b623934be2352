import { isBenchmarkName } from './catalogue.js';
import type { Benchmark, Scale } from './measurement.js';

// The process of one measurement; `main.ts` starts it.
const [name = '', scale = '{}'] = process.argv.slice(2);
if (!isBenchmarkName(name)) throw new Error(`unknown measurement: ${name}`);
const { benchmark } = (await import(`./suite/${name}.js`)) as { benchmark: Benchmark };
const figures = await benchmark.run(JSON.parse(scale) as Scale);
process.send?.(figures, () => process.disconnect());
