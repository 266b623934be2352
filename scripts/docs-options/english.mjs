/** The texts of docs/options.md. What an option means is in its docstring. */
export const ENGLISH = {
  page: 'docs/options.md',
  head: `# Options

[Documentation](README.md)

<!-- Generated from the docstrings by \`npm run docs:options\`. Change the docstrings, not this page. -->

The options of \`SidecarAgentModule.forRoot()\` and of the factory of \`forRootAsync()\`. Values that differ
from host to host can come from a file or from the environment: see [configuration](configuration.md).

- **Durations** are milliseconds, or a text in Go's notation: \`'20s'\`, \`'1m30s'\`, \`'500ms'\`.
- **Faults** are reported all at once when Nest creates the app: one \`InvalidOptionsError\` names each
  option by its path.
- **Types** are exported by \`nestjs-sidecar-agent\`, those with \`Grpc\` in their name by
  \`@nestjs/microservices\`.`,
  groups: {
    'What is registered': {
      text: 'Only `app`, `service` and, for a gRPC service, `grpc` (or `methods` and `serverPort`) are required. For `serverPort` see [Ports](several-services.md#ports).',
    },
    'HTTP routes': { text: 'See [HTTP routes](http-routes.md).' },
    'The agent': { text: 'Agents listen on port 15010, newer ones on 18600.' },
    Shutdown: { text: 'See [the steps of the shutdown](lifecycle.md#shutdown).' },
    'The module': { text: 'Given beside the options, in `forRoot` and `forRootAsync`.' },
  },
  name: (path, type, isRequired) => `**\`${path}\`** (\`${type}\`${isRequired ? ', required' : ''})`,
  colon: ': ',
  fallback: (value) => `Default: ${value}.`,
  gap: ' ',
  proseWrap: 'always',
};
