import type { ImportSettings } from '../ends/importer.js';
import { OtherEnd } from './other-end.js';

/** What an import took. */
export interface ImportCost {
  readonly milliseconds: number;
  /** Bytes. */
  readonly rss: number;
}

/** Imports packages in a new process that has already loaded Nest and gRPC. */
export async function importOnce(settings: ImportSettings): Promise<ImportCost> {
  const importer = await OtherEnd.start('importer', settings);
  const cost = await importer.ask<ImportCost>('took');
  await importer.stop();
  return cost;
}
