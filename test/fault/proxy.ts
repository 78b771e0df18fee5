import { once } from 'node:events';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
import { type Command, type WireMessage, commandIn, messageSplitter } from './wire.js';

/**
 * `cut before`: the server never gets the message. `cut after`: it does what the message asks, and the answer is lost.
 * `halve`: it gets the first half. After each of these all connections are gone. `delay`: the message comes late.
 */
export const FAULT_KINDS = ['cut before', 'cut after', 'halve', 'delay'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export type Fault = {
  /** At which of the counted messages, from 1. */
  readonly at: number;
  readonly kind: FaultKind;
  /** Told at that very moment, before the client can notice. */
  readonly onFault?: () => void;
};

/** Stands between one service process and its database, and counts what the first asks of the second. */
export type Proxy = {
  readonly port: number;
  /** Counts from one again, and lets the fault happen once. */
  readonly mark: (fault?: Fault) => void;
  /** What was counted since the mark, in order. */
  readonly seen: () => readonly string[];
  /** Ends all connections; new ones are let through. */
  readonly cut: () => void;
  readonly close: () => Promise<void>;
};

/** Longer than a transaction may last, see `server.ts`. */
const DELAY_MS = 2_500;

export async function startProxy(
  serverPort: number,
  isCounted: (command: Command) => boolean,
): Promise<Proxy> {
  let fault: Fault | undefined;
  let seen: string[] = [];
  const sockets = new Set<Socket>();
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  /** The fault that befalls the message, if one does. */
  const faultAt = (message: WireMessage): Fault | undefined => {
    const command = commandIn(message);
    if (command === undefined || !isCounted(command)) return undefined;
    seen.push(`${command.name} ${command.of}`.trim());
    if (fault?.at !== seen.length) return undefined;
    const due = fault;
    fault = undefined;
    return due;
  };
  const listener = createServer((client) => {
    const server = connect(serverPort, '127.0.0.1');
    join(client, server, sockets);
    /** The message whose answer is lost, and what happens then. */
    let lost: { readonly id: number; readonly fault: Fault } | undefined;
    const toServer = messageSplitter((message) => {
      const due = faultAt(message);
      if (due === undefined) return void server.write(message.bytes);
      switch (due.kind) {
        case 'cut before':
          due.onFault?.();
          cut();
          return;
        case 'cut after':
          lost = { id: message.id, fault: due };
          return void server.write(message.bytes);
        case 'halve':
          due.onFault?.();
          return void server.write(message.bytes.subarray(0, message.bytes.length / 2), cut);
        case 'delay':
          due.onFault?.();
          return void setTimeout(() => server.write(message.bytes), DELAY_MS);
      }
    });
    const toClient = messageSplitter((message) => {
      if (lost?.id !== message.answers) return void client.write(message.bytes);
      lost.fault.onFault?.();
      cut();
    });
    client.on('data', toServer);
    server.on('data', toClient);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    port: (listener.address() as AddressInfo).port,
    mark: (next) => {
      fault = next;
      seen = [];
    },
    seen: () => seen,
    cut,
    close: async () => {
      cut();
      listener.close();
      await once(listener, 'close');
    },
  };
}

/** When one side is gone, so is the other. */
function join(client: Socket, server: Socket, sockets: Set<Socket>): void {
  for (const [socket, other] of [
    [client, server],
    [server, client],
  ] as const) {
    sockets.add(socket);
    // An error is followed by the close, and faults are what this is for.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      sockets.delete(socket);
      other.destroy();
    });
  }
}
