// `npm run plug -- out | in | status`: takes home away from a running start, or gives it back.

import { askSupervisor, COMMANDS } from './launch/control.ts'
import { findPlaces } from './launch/places.ts'

const USAGE = `npm run plug -- out      take home away: orders are still taken, and kept at the edge
npm run plug -- in       give it back: every kept order reaches its end
npm run plug -- status   which it is`

const command = COMMANDS.find((known) => known === process.argv[2])
if (!command) {
  console.error(USAGE)
  process.exit(1)
}

const answer = await askSupervisor(findPlaces(process.env).controlSocket, command)
if (!answer) {
  console.error('Motu does not run here. Start it with: npm start')
  process.exit(1)
}
if (answer.problem !== null) {
  console.error(answer.problem)
  process.exit(1)
}
console.log(`home is ${answer.home} (${answer.url})`)
