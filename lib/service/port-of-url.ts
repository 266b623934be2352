/** A resolver's scheme such as `dns://server/`; a name, IPv4 or bracketed IPv6 address; a port. */
const ADDRESS = /^(?:(?:dns|ipv4|ipv6):(?:\/\/[^/]*\/)?)?(?:\[[^\]]*\]|[^:[\]]*):(\d{1,5})$/;

/**
 * Returns the port at the end of a gRPC server's address, such as `0.0.0.0:10500`; `undefined` if
 * it has none, or 0.
 */
export function portOfUrl(url: unknown): number | undefined {
  const port = typeof url === 'string' ? ADDRESS.exec(url)?.[1] : undefined;
  const number = Number(port ?? 0);
  return number > 0 && number <= 65_535 ? number : undefined;
}
