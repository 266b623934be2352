// @ts-check
import { ReleaseError } from './release.error.mjs';

const SCP_FORM = /^[\w.-]+@(?<host>[\w.-]+):(?<path>[^/].*)$/;

/**
 * Returns the web page of a repository, such as `https://github.com/OWNER/REPO`, from its page or
 * from an address that `git clone` takes.
 *
 * @param {string} text
 */
export function repositoryPage(text) {
  const url = parse(text.replace(/^git\+/, '').replace(SCP_FORM, 'ssh://$<host>/$<path>'));
  if (url?.password || (url?.username && url.protocol !== 'ssh:')) {
    throw new ReleaseError('repository: must not hold a user name or password');
  }
  const path = url?.pathname.replace(/\/$/, '').replace(/\.git$/, '') ?? '';
  const names = path.slice(1).split('/');
  const known = url?.protocol === 'https:' || url?.protocol === 'ssh:';
  if (!url || !known || url.search || url.hash || names.length < 2 || names.includes('')) {
    throw new ReleaseError(
      'repository: must be a URL such as https://github.com/OWNER/REPO or ' +
        `git@github.com:OWNER/REPO.git, got "${text}"`,
    );
  }
  return `https://${url.protocol === 'https:' ? url.host : url.hostname}${path}`;
}

/** @param {string} text */
function parse(text) {
  return URL.canParse(text) ? new URL(text) : undefined;
}
