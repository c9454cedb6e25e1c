import { accept as b } from './accept.ts'
import { withCleanup } from './cleanup.ts'
const r = await withCleanup((cleanup) => b.run({seconds:4,rounds:2,connections:64,sockets:0,rate:0,orders:20000,seed:1},{cleanup,progress:(t)=>console.error(t)}))
console.log(JSON.stringify(r,null,1))
process.exit(0)
