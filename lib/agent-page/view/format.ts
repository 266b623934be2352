/** Returns how long ago something was: `just now`, `12 s ago`, `3 min ago`, `2 h ago`. */
export function ageText(at: string, now: number): string {
  const seconds = Math.floor((now - Date.parse(at)) / 1_000);
  if (seconds < 1) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

/** Returns the time of day: `15:04:05`. */
export function clockTime(at: string): string {
  return new Date(at).toTimeString().slice(0, 8);
}

/** Methods of one gRPC service. */
export interface MethodGroup {
  /** `acme.auth.v1.AuthService`, or an empty text for methods without one. */
  readonly service: string;
  readonly methods: readonly { readonly name: string; readonly fullName: string }[];
}

/** Groups full method names by their gRPC service, in the order of the names. */
export function groupMethods(methods: readonly string[]): MethodGroup[] {
  const groups = new Map<string, { name: string; fullName: string }[]>();
  for (const fullName of [...methods].sort()) {
    const end = fullName.lastIndexOf('/');
    const service = fullName.slice(1, Math.max(end, 1));
    const group = groups.get(service) ?? [];
    group.push({ name: fullName.slice(end + 1), fullName });
    groups.set(service, group);
  }
  return [...groups].map(([service, group]) => ({ service, methods: group }));
}

/**
 * Writes a line that calls a method. The service needs server reflection, or the line
 * `-proto FILE` before the address.
 */
export function grpcurlLine(port: number, fullMethod: string): string {
  return `grpcurl -plaintext -d '{}' 127.0.0.1:${port} ${shellWord(fullMethod.replace(/^\//, ''))}`;
}

/** Quotes a word for a POSIX shell, if it needs quotes. */
function shellWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Writes the option with which a service registers at an agent. */
export function baseUrlLine(url: string): string {
  return `baseUrl: '${url}',`;
}

/** Writes the variable with which a service registers at an agent. */
export function variableLine(url: string): string {
  return `SIDECAR_AGENT_BASE_URL=${url}`;
}
