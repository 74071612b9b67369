import { openPostgres, migrate } from './src/index.ts';
const d = openPostgres({url:'postgresql://postgres@127.0.0.1:55432/t2'});
const c = d.adapter.connect.bind(d.adapter);
d.adapter.connect = async () => { const x = await c(); const e = x.executeScript; x.executeScript = async (s) => { try { await e.call(x,s) } catch (err) { console.log('SCRIPT ERR', err, s.slice(0,100)); throw err } }; return x; };
await migrate(d,'users').catch(e=>console.log(String(e).slice(0,200)));
await d.close();
