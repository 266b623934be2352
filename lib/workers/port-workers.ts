import { type SharedPort, workerFolder } from './worker-folder.js';
import { WorkerLink } from './worker-link.js';
import { isSameInstance, newWorkerName } from './worker-name.js';
import { WorkerPlace } from './worker-place.js';

/** The other processes that go on serving the port of this one. */
export interface RemainingWorkers {
  readonly onPort: number;
  /** Those of them that register under the instance id of this process. */
  readonly ofInstance: number;
}

/** The processes that go on, and what they have answered. */
export interface AskedWorkers extends RemainingWorkers {
  readonly answers: readonly string[];
}

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
  #place?: WorkerPlace;
  #left?: Promise<void>;

  constructor(listener: WorkerListener) {
    this.#listener = listener;
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
    // Of two that join at the same time, the later one sees the socket of the other.
    await Promise.all((await place.others()).map((other) => this.#link(place, other)));
    if (this.#left) return this.#leaveOnce();
    this.#tellCount();
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
      const { text = 'yes', isOpen } = await link.ask(
        `leaves ${this.#place?.name ?? ''} ${question(ofInstance)}`,
      );
      const [word, answer] = splitOnce(text);
      return isOpen && word === 'yes' ? { ofInstance, answer } : undefined;
    });
    const going = asked.filter((each) => each !== undefined);
    return {
      onPort: going.length,
      ofInstance: going.filter(({ ofInstance }) => ofInstance).length,
      answers: going.map(({ answer }) => answer),
    };
  }

  /** Tells the others to register again. */
  async recall(which: 'on port' | 'of instance'): Promise<void> {
    await this.#withEach(async (link, ofInstance) => {
      if (which === 'on port' || ofInstance) await link.send('register');
    });
  }

  async #leaveOnce(): Promise<void> {
    await this.#place?.leave();
    await Promise.all([...this.#links.keys()].map((link) => link.send('left')));
  }

  /** Does something with each of the others that lives, over its connection or a new one. */
  async #withEach<T>(use: (link: WorkerLink, ofInstance: boolean) => Promise<T>): Promise<(T | undefined)[]> {
    const place = this.#place;
    if (!place) return [];
    const names = new Set([...this.#links.values(), ...(await place.others())]);
    return Promise.all(
      [...names].map(async (name) => {
        const ofInstance = isSameInstance(name, place.name);
        const [known] = [...this.#links].find(([, linked]) => linked === name) ?? [];
        if (known) return use(known, ofInstance);
        const socket = await place.connect(name);
        if (!socket) return undefined;
        const link = new WorkerLink(socket, () => undefined);
        const used = await use(link, ofInstance);
        link.close();
        return used;
      }),
    );
  }

  async #link(place: WorkerPlace, name: string): Promise<void> {
    const socket = await place.connect(name);
    if (!socket) return;
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
