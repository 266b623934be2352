/** A service as its Consul agent holds it. */
export interface AgentService {
  readonly ID: string;
  readonly Service: string;
  readonly Address: string;
  readonly Port: number;
  readonly Meta: Readonly<Record<string, string>>;
  readonly Tags: readonly string[];
  readonly Weights: { readonly Passing: number; readonly Warning: number };
}

/** A check as Consul shows it. */
export interface Check {
  readonly CheckID: string;
  readonly Status: 'passing' | 'warning' | 'critical';
  readonly Output: string;
  readonly Type: string;
  readonly CreateIndex: number;
  readonly ModifyIndex: number;
}

/** An instance as the catalog of the servers shows it. */
export interface CatalogEntry {
  readonly Node: { readonly Node: string; readonly Address: string };
  readonly Service: AgentService & { readonly CreateIndex: number; readonly ModifyIndex: number };
  readonly Checks: readonly Check[];
}

/** The HTTP API of a Consul agent, as an operator uses it. */
export class ConsulApi {
  readonly url: string;
  readonly #token?: string;

  constructor(url: string, token?: string) {
    this.url = url;
    this.#token = token;
  }

  async get<T>(path: string): Promise<T> {
    return (await (await this.send('GET', path)).json()) as T;
  }

  /** Returns the answer, which is `null` if it has no body. */
  async put<T = null>(path: string, body?: object): Promise<T> {
    const text = await (await this.send('PUT', path, body)).text();
    return JSON.parse(text || 'null') as T;
  }

  /** @throws {Error} if the status is not 200 */
  async send(method: string, path: string, body?: object, signal?: AbortSignal): Promise<Response> {
    const response = await fetch(`${this.url}/v1/${path}`, {
      method,
      body: body && JSON.stringify(body),
      signal,
      // A Consul that was started again does not know the old connections.
      headers: { connection: 'close', ...(this.#token && { 'x-consul-token': this.#token }) },
    });
    if (response.status === 200) return response;
    throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  }

  /** Returns whether the agent is there, and the servers have a leader. */
  async hasLeader(): Promise<boolean> {
    return (await this.get<string>('status/leader').catch(() => '')) !== '';
  }

  /** The services of this agent, by their ids. */
  services(): Promise<Record<string, AgentService>> {
    return this.get('agent/services');
  }

  /** The checks of this agent, by their ids. */
  checks(): Promise<Record<string, Check>> {
    return this.get('agent/checks');
  }

  /** The instances of a service as the catalog has them. */
  instances(service: string): Promise<CatalogEntry[]> {
    return this.get(`health/service/${service}`);
  }

  async deregister(id: string): Promise<void> {
    await this.put(`agent/service/deregister/${encodeURIComponent(id)}`);
  }

  async maintenance(id: string, enable: boolean): Promise<void> {
    await this.put(`agent/service/maintenance/${encodeURIComponent(id)}?enable=${enable}&reason=operator`);
  }
}
