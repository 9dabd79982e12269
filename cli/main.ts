import { runCli } from './program.ts';

// Dawn keeps the event loop alive; stdout is flushed before this is reached.
process.exit(await runCli(process.argv.slice(2)));
