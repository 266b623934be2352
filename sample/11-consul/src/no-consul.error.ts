/** There is no Consul to use. The message is for users and is printed without a stack. */
export class NoConsulError extends Error {
  override readonly name = 'NoConsulError';

  /** @param why what was tried */
  constructor(why: string) {
    super(
      `There is no Consul: ${why}.\n` +
        'Set CONSUL_BIN to the path of a Consul binary, which this sample starts, ' +
        'or CONSUL_HTTP_ADDR to the address of an agent that runs, such as 127.0.0.1:8500.',
    );
  }
}
