// Writes a report of what each entry point exports to `api-report`, from the declarations in
// `dist`. With --check it writes nothing, shows what has changed, and exits with 1 if there is
// something.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConsoleMessageId, Extractor, ExtractorConfig } from '@microsoft/api-extractor';

const ROOT = join(import.meta.dirname, '..');
const isCheck = process.argv.includes('--check');
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const REPORTS = join(ROOT, 'api-report');
const work = mkdtempSync(join(tmpdir(), 'api-report-'));
mkdirSync(REPORTS, { recursive: true });

try {
  const entries = Object.entries(manifest.exports).filter(([, { types }]) => types);
  const changed = entries.filter(([entry, { types }]) => !report(entry, join(ROOT, types)));
  if (isCheck && changed.length > 0) {
    console.error(
      `The reports of ${changed.map(([entry]) => entry).join(', ')} are not up to date. If you meant to change ` +
        'what the package exports, run `npm run api:report` and commit `api-report`.',
    );
    process.exitCode = 1;
  }
} finally {
  rmSync(work, { recursive: true });
}

/** Returns whether the report of an entry point is up to date, or was written. */
function report(entry, declarations) {
  const config = ExtractorConfig.prepare({
    packageJsonFullPath: join(ROOT, 'package.json'),
    configObject: {
      projectFolder: ROOT,
      newlineKind: 'lf',
      mainEntryPointFilePath: declarations,
      compiler: {
        overrideTsconfig: { extends: join(ROOT, 'tsconfig.json'), include: [], files: [declarations] },
      },
      apiReport: {
        enabled: true,
        // A class may inherit from one that has no name for users.
        includeForgottenExports: true,
        reportFileName: `${entry === '.' ? 'index' : entry.slice(2)}.api.md`,
        reportFolder: REPORTS,
        reportTempFolder: work,
      },
    },
  });
  const { apiReportChanged } = Extractor.invoke(config, {
    localBuild: !isCheck,
    printApiReportDiff: isCheck,
    messageCallback: (message) => {
      // `npm run lint` and `npm run docs:api` check the docstrings, by other rules.
      message.handled = message.messageId !== ConsoleMessageId.ApiReportDiff;
    },
  });
  return !isCheck || !apiReportChanged;
}
