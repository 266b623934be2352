/** A resolver's scheme, `dns://server/` among them; then a name, an IPv4 or a bracketed IPv6 address; then the port. */
const ADDRESS = /^(?:(?:dns|ipv4|ipv6):(?:\/\/[^/]*\/)?)?(?:\[[^\]]*\]|[^:[\]]*):(\d{1,5})$/;

/** The port at the end of a gRPC server's address, such as `0.0.0.0:10500`; `undefined` where it names none, or 0. */
export function portOfUrl(url: unknown): number | undefined {
  const port = typeof url === 'string' ? ADDRESS.exec(url)?.[1] : undefined;
  const number = Number(port ?? 0);
  return number > 0 && number <= 65_535 ? number : undefined;
}
