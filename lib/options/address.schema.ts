import * as v from 'valibot';

/** Where agents listen unless configured otherwise. */
export const DEFAULT_BASE_URL = 'http://127.0.0.1:15010';

const USER_INFO = 'must have no user info; send credentials with the option headers';
const URL_EXPECTED = `must be an http or https URL such as "${DEFAULT_BASE_URL}"`;

/** The address of the agent. */
export const baseUrl = v.rawCheck<string>(({ dataset, addIssue }) => {
  if (!dataset.typed) return;
  const url = httpUrl(dataset.value);
  if (!url) return addIssue({ message: URL_EXPECTED });
  if (hasUserInfo(url)) addIssue({ message: USER_INFO });
  if (url.search || url.hash) addIssue({ message: 'must have no query and no fragment' });
});

/** The address of the event stream: a URL, or a path below the agent's. */
export const watchUrl = v.rawCheck<string>(({ dataset, addIssue }) => {
  if (!dataset.typed || dataset.value.startsWith('/')) return;
  const url = httpUrl(dataset.value);
  if (!url) return addIssue({ message: `${URL_EXPECTED}, or a path that starts with "/"` });
  if (hasUserInfo(url)) addIssue({ message: USER_INFO });
});

/** Returns the URL that a text is, or `undefined` if it is not an http or https URL. */
export function httpUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url && ['http:', 'https:'].includes(url.protocol) ? url : undefined;
}

function hasUserInfo({ username, password }: URL): boolean {
  return username !== '' || password !== '';
}
