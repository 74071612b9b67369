import { parentPort, workerData } from 'node:worker_threads';
import { createDatabase } from './new-database.ts';

// In a thread of its own: what making a database takes in memory goes back to the system when the thread ends.
const { folder, place } = workerData as { folder: string; place: string };
await createDatabase(folder, place, (text) => parentPort?.postMessage(text));
