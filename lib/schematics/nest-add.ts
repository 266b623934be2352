import { readFlags } from './add-flags.js';
import { readApplication } from './application/application.js';
import { Changes } from './changes.js';
import { reportOf } from './report.js';
import type { SchematicContext, SchematicRule } from './schematic-tree.js';
import { loadTypeScript } from './source/load-typescript.js';
import { addToApplication } from './steps/add-to-application.js';

/**
 * Adds the package to an application, for `nest add nestjs-sidecar-agent`. A second run changes
 * nothing.
 *
 * @param given the flags, as the schematics command has parsed them
 * @throws {Error} if a flag is wrong, or the folder has no application that the package fits
 */
export function nestAdd(given: Readonly<Record<string, unknown>>): SchematicRule {
  return (tree, context) => {
    const flags = readFlags(given, process.argv);
    const changes = new Changes(tree);
    const application = readApplication(changes, flags, loadTypeScript([process.cwd(), ...cliFolder()]));
    const needsInstall = addToApplication(changes, application, flags);
    const before = needsInstall && !flags.skipInstall ? [install(context)] : [];
    const isDry = process.argv.includes('--dry-run');
    const mustInstall = needsInstall && flags.skipInstall && !isDry;
    const text = reportOf(changes, application, { isDry, mustInstall });
    // A dry run runs no tasks.
    if (isDry) report({ text })(tree, context);
    else tell(context, text, before);
    return tree;
  };
}

/** Prints the report of {@link nestAdd}. */
export function report({ text }: { readonly text: string }): SchematicRule {
  return (tree, { logger }) => {
    logger.info(`\n${text}`);
    return tree;
  };
}

/** The command of the schematics, which belongs to the Nest CLI, may know a TypeScript. */
function cliFolder(): string[] {
  const [, script] = process.argv;
  return script === undefined ? [] : [script];
}

function install(context: SchematicContext): unknown {
  const options = { command: 'install', hideOutput: false, quiet: false };
  return context.addTask({ toConfiguration: () => ({ name: 'node-package', options }) });
}

/** Prints after the packages are installed, since an install prints a lot. */
function tell(context: SchematicContext, text: string, before: readonly unknown[]): void {
  const options = { collection: null, name: 'report', options: { text } };
  context.addTask({ toConfiguration: () => ({ name: 'run-schematic', options }) }, before);
}
