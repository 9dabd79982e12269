import { roundTripAll } from './formats-round-trip.ts';

roundTripAll().then(
  (results) => postMessage(results),
  (error) => postMessage(`${error?.stack ?? error} ${error?.cause?.stack ?? ''}`),
);
