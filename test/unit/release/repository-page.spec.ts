import { describe, expect, it } from '@jest/globals';
import { repositoryPage } from '../../../scripts/release/repository-page.mjs';

describe('the page of a repository', () => {
  it.each([
    'https://github.com/acme/agent',
    'https://github.com/acme/agent/',
    'https://github.com/acme/agent.git',
    'git+https://github.com/acme/agent.git',
    'ssh://git@github.com/acme/agent.git',
    'git+ssh://git@github.com/acme/agent.git',
    'git@github.com:acme/agent.git',
  ])('of %s', (url) => {
    expect(repositoryPage(url)).toBe('https://github.com/acme/agent');
  });

  it.each([
    ['https://git.acme.example:8443/team/group/agent.git', 'https://git.acme.example:8443/team/group/agent'],
    ['ssh://git@git.acme.example:2222/team/agent.git', 'https://git.acme.example/team/agent'],
  ])('of %s, on a server of one’s own', (url, page) => {
    expect(repositoryPage(url)).toBe(page);
  });

  it.each([
    '',
    'acme/agent',
    'github:acme/agent',
    'http://github.com/acme/agent',
    'file:///srv/git/agent',
    'https://github.com',
    'https://github.com/acme',
    'https://github.com/acme//agent',
    'https://github.com/acme/agent?tab=readme',
    'https://github.com/acme/agent#readme',
  ])('refuses "%s"', (url) => {
    expect(() => repositoryPage(url)).toThrow(
      `repository: must be a URL such as https://github.com/OWNER/REPO or git@github.com:OWNER/REPO.git, got "${url}"`,
    );
  });

  it.each([
    'https://ada:token@github.com/acme/agent',
    'http://ada:token@github.com/acme',
    'https://token@github.com/acme/agent',
  ])('refuses credentials and does not repeat them: %s', (url) => {
    const attempt = () => repositoryPage(url);
    expect(attempt).toThrow('repository: must not hold a user name or password');
    expect(attempt).not.toThrow('token');
  });
});
