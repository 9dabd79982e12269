/**
 * ComfyUI's messages while it works (`/ws?clientId=`). They only say sooner and finer what `/history` says for certain:
 * where there is no WebSocket, or it breaks, the job goes on.
 */
import { fieldsOf, numberOf, textOf } from './answer-fields.ts';

/** As in browsers and Node 22; Node 20 has none of its own. */
export type OpenSocket = (url: string) => WebSocket;

export interface SocketEvents {
  /** Share of the steps of the node that runs, 0..1. */
  onStep(fraction: number): void;
  /** It is over, well or not: look now. */
  onEnd(): void;
}

export interface ProgressSocket {
  /** The job that is listened for; messages of others are not heard. */
  job: string | undefined;
  close(): void;
}

/** @returns once it is open, or cannot be opened: what comes before would be missed */
export async function listen(
  url: string,
  open: OpenSocket | undefined,
  events: SocketEvents,
  patienceMs = 3000,
): Promise<ProgressSocket> {
  const listener: ProgressSocket = { job: undefined, close: () => {} };
  if (open === undefined) return listener;
  try {
    const socket = open(url);
    listener.close = () => socket.close();
    socket.onmessage = ({ data }) => {
      // Binary ones are previews.
      if (typeof data === 'string') hear(data, listener, events);
    };
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, patienceMs);
      const settle = () => {
        clearTimeout(timer);
        resolve();
      };
      socket.onopen = settle;
      socket.onerror = settle;
      socket.onclose = settle;
    });
  } catch {
    // No socket: the job is polled.
  }
  return listener;
}

const ENDS = ['execution_success', 'execution_error', 'execution_interrupted'];
const LONGEST_MESSAGE = 1_000_000;

function hear(text: string, listener: ProgressSocket, events: SocketEvents): void {
  if (text.length > LONGEST_MESSAGE) return;
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return;
  }
  const type = textOf(fieldsOf(message)?.type) ?? '';
  const data = fieldsOf(fieldsOf(message)?.data);
  const job = textOf(data?.prompt_id);
  if (job !== undefined && job !== listener.job) return;
  if (type === 'progress') {
    const value = numberOf(data?.value);
    const most = numberOf(data?.max);
    if (value !== undefined && most !== undefined && most > 1) events.onStep(value / most);
  }
  if (ENDS.includes(type) || (type === 'executing' && data?.node === null)) events.onEnd();
}
