import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';

const DOCS = new URL('../../../docs/', import.meta.url);
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47]);

/** Makes the pictures of the documentation, and writes them if UPDATE_SCREENSHOTS says so. */
export async function takePictures(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const picture = await page.screenshot();
    expect(picture.subarray(0, PNG.length)).toEqual(PNG);
    if (process.env.UPDATE_SCREENSHOTS !== '1') continue;
    await writeFile(fileURLToPath(new URL(`${name}-${colorScheme}.png`, DOCS)), picture);
  }
}
