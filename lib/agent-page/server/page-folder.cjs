/**
 * Finds the files of the page, which stand beside this one. It is CommonJS, since `import.meta` is
 * not what Jest and bundlers all understand.
 */
'use strict';

const { join } = require('node:path');

/** @type {string} */
exports.PAGE_FOLDER = join(__dirname, '..', 'page');
