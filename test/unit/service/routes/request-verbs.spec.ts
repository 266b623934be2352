import { RequestMethod } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { requestVerbs } from '../../../../lib/service/routes/request-verbs.js';

describe('requestVerbs', () => {
  it.each(['GET', 'POST', 'HEAD', 'OPTIONS', 'SEARCH', 'PROPFIND'] as const)('names %s', (verb) => {
    expect(requestVerbs(RequestMethod[verb])).toEqual([verb]);
  });

  it('names the five that all can be', () => {
    expect(requestVerbs(RequestMethod.ALL)).toEqual(['DELETE', 'GET', 'PATCH', 'POST', 'PUT']);
  });

  it('names none for what is no method', () => {
    expect(requestVerbs(999 as RequestMethod)).toEqual([]);
  });
});
