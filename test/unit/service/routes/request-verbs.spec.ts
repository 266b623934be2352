import { RequestMethod } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { requestVerbs } from '../../../../lib/service/routes/request-verbs.js';

describe('requestVerbs', () => {
  it.each(['GET', 'POST', 'HEAD', 'OPTIONS', 'SEARCH', 'PROPFIND'] as const)('returns %s', (verb) => {
    expect(requestVerbs(RequestMethod[verb])).toEqual([verb]);
  });

  it('returns the five common methods for ALL', () => {
    expect(requestVerbs(RequestMethod.ALL)).toEqual(['DELETE', 'GET', 'PATCH', 'POST', 'PUT']);
  });

  it('returns none for an unknown method', () => {
    expect(requestVerbs(999 as RequestMethod)).toEqual([]);
  });
});
