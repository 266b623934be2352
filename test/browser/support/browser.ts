import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium } from './find-chromium.mjs';

/** Without these, Chromium calls home at each start. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
];

/** Starts a headless Chromium with an empty profile. */
export function startBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new Error("no Chromium: install Debian's package chromium, or set CHROMIUM_BIN to its path");
  }
  // Chromium refuses to run as root with its sandbox.
  const args = process.getuid?.() === 0 ? [...QUIET, '--no-sandbox'] : QUIET;
  return chromium.launch({ executablePath, args });
}

/** What a page asked for and complained of. */
export interface PageReport {
  readonly requests: string[];
  readonly complaints: string[];
}

/** Collects what a page asks for, and its errors, those of the Content-Security-Policy included. */
export function reportOf(page: Page): PageReport {
  const report: PageReport = { requests: [], complaints: [] };
  page.on('request', (request) => report.requests.push(request.url()));
  page.on('pageerror', (error) => report.complaints.push(error.message));
  page.on('console', (message) => {
    // While the agent is gone, the browser logs each try to connect.
    if (message.type() === 'error' && !message.text().includes('ERR_'))
      report.complaints.push(message.text());
  });
  return report;
}
