import { type AskedWorkers, countRemaining } from './remaining-workers.js';
import { type SharedPort, workerFolder } from './worker-folder.js';
import { WorkerLink } from './worker-link.js';
import { isSameInstance, newWorkerName } from './worker-name.js';
import { WorkerPlace } from './worker-place.js';

/** What the workers tell of each other. */
export interface WorkerListener {
  /** @param count how many processes serve the port, this one included */
  counted(count: number): void;
  /** Another process has deregistered the instance that this one registers as well. */
  recalled(): void;
  /**
   * Another process leaves the port, and asks whether this one goes on.
   *
   * @param ofInstance whether both have the same instance id
   * @returns the answer, one line; `undefined` if this process does not go on either
   */
  asked(question: string, ofInstance: boolean): string | undefined;
}

/**
 * The processes of this user that serve one port, such as the workers of node:cluster or of PM2.
 * Each has a Unix socket in a folder that they share, and a connection to each of the others. There
 * is no coordinator: a process lives if its socket accepts connections.
 */
export class PortWorkers {
  readonly #listener: WorkerListener;
  readonly #links = new Map<WorkerLink, string>();
  readonly #refreshEvery: number;
  #place?: WorkerPlace;
  #left?: Promise<void>;
  #cancelRefresh = () => {};

  /** @param refreshEvery how often the socket in the folder is looked after, in milliseconds */
  constructor(listener: WorkerListener, refreshEvery = 60_000) {
    this.#listener = listener;
    this.#refreshEvery = refreshEvery;
  }

  /**
   * Joins the processes that serve the port, and follows how many there are. Does nothing on
   * Windows.
   *
   * @throws {Error} if the folder or the socket cannot be made
   */
  async join(shared: SharedPort, instanceId: string): Promise<void> {
    const folder = workerFolder(shared);
    if (folder === undefined) return;
    const place = new WorkerPlace(folder, newWorkerName(instanceId), (socket) => {
      new WorkerLink(socket, (line, link) => this.#hear(line, link));
    });
    await place.enter();
    this.#place = place;
    const timer = setInterval(() => void this.#refresh(place), this.#refreshEvery).unref();
    this.#cancelRefresh = () => clearInterval(timer);
    // Of two that join at the same time, the later one sees the socket of the other.
    await this.#linkOthers(place);
    if (this.#left) return this.#leaveOnce();
  }

  /** Stops to be one of them. Of two that leave at the same time, one sees that it is the last. */
  leave(): Promise<void> {
    return (this.#left ??= this.#leaveOnce());
  }

  /** Leaves, and closes the connections to the others. */
  async close(): Promise<void> {
    await this.leave();
    for (const link of this.#links.keys()) link.close();
  }

  /**
   * Asks the others whether they go on serving the port. One that lives and does not answer goes
   * on: its event loop is blocked.
   *
   * @param question returns one line for a process, by whether it has the same instance id
   */
  async ask(question: (ofInstance: boolean) => string): Promise<AskedWorkers> {
    const asked = await this.#withEach(async (link, ofInstance) => {
      const line = `leaves ${this.#place?.name ?? ''} ${question(ofInstance)}`;
      const { text = 'yes', isOpen } = link ? await link.ask(line) : { isOpen: true };
      const [word, answer] = splitOnce(text);
      return isOpen && word === 'yes' ? { ofInstance, answer } : undefined;
    });
    return countRemaining(asked);
  }

  /** Tells the others to register again. */
  async recall(which: 'on port' | 'of instance'): Promise<void> {
    await this.#withEach(async (link, ofInstance) => {
      if (which === 'on port' || ofInstance) await link?.send('register');
    });
  }

  async #leaveOnce(): Promise<void> {
    this.#cancelRefresh();
    await this.#place?.leave();
    await Promise.all([...this.#links.keys()].map((link) => link.send('left')));
  }

  /** Whatever fails is tried again the next time. */
  async #refresh(place: WorkerPlace): Promise<void> {
    try {
      await place.refresh();
      if (this.#left) await place.leave();
      else await this.#linkOthers(place);
    } catch {
      return;
    }
  }

  /**
   * Does something with each of the others that lives, over its connection or a new one. `link` is
   * absent if there is none and none can be opened.
   */
  async #withEach<T>(
    use: (link: WorkerLink | undefined, ofInstance: boolean) => Promise<T>,
  ): Promise<(T | undefined)[]> {
    const place = this.#place;
    if (!place) return [];
    // If the folder cannot be read, there are still the connections.
    const names = new Set([...this.#links.values(), ...(await place.others().catch(() => []))]);
    return Promise.all(
      [...names].map(async (name) => {
        const ofInstance = isSameInstance(name, place.name);
        const [known] = [...this.#links].find(([, linked]) => linked === name) ?? [];
        if (known) return use(known, ofInstance);
        const socket = await place.connect(name);
        if (socket === 'dead') return undefined;
        if (socket === 'unknown') return use(undefined, ofInstance);
        const link = new WorkerLink(socket, () => undefined);
        const used = await use(link, ofInstance);
        link.close();
        return used;
      }),
    );
  }

  /** Opens a connection to each of the others that has none. */
  async #linkOthers(place: WorkerPlace): Promise<void> {
    const linked = new Set(this.#links.values());
    const others = (await place.others()).filter((name) => !linked.has(name));
    await Promise.all(others.map((name) => this.#link(place, name)));
    if (!this.#left) this.#tellCount();
  }

  async #link(place: WorkerPlace, name: string): Promise<void> {
    const socket = await place.connect(name);
    if (typeof socket === 'string') return;
    const link = new WorkerLink(socket, (line, from) => this.#hear(line, from));
    this.#keep(link, name);
    await link.send(`hello ${place.name}`);
  }

  #hear(line: string, link: WorkerLink): string | undefined {
    const [word, rest] = splitOnce(line);
    switch (word) {
      case 'register':
        return void this.#listener.recalled();
      case 'hello':
        this.#keep(link, rest);
        return void this.#tellCount();
      case 'left':
        return void this.#forget(link);
      case 'leaves':
        return this.#answer(...splitOnce(rest));
      default:
        return undefined;
    }
  }

  #answer(name: string, question: string): string {
    const ofInstance = isSameInstance(name, this.#place?.name ?? '');
    const answer = this.#left ? undefined : this.#listener.asked(question, ofInstance);
    return answer === undefined ? 'no' : `yes ${answer}`;
  }

  /** Counts a process as long as its connection is open and it has not left. */
  #keep(link: WorkerLink, name: string): void {
    this.#links.set(link, name);
    link.onClose(() => this.#forget(link));
  }

  #forget(link: WorkerLink): void {
    if (this.#links.delete(link)) this.#tellCount();
  }

  #tellCount(): void {
    this.#listener.counted(1 + new Set(this.#links.values()).size);
  }
}

function splitOnce(line: string): [first: string, rest: string] {
  const space = line.indexOf(' ');
  return space === -1 ? [line, ''] : [line.slice(0, space), line.slice(space + 1)];
}
