// Every scenario, in the order `all` runs them.

import type { Scenario } from '../scenario.ts'
import { brokerDark } from './broker-dark.ts'
import { duplicates } from './duplicates.ts'
import { feedScenario } from './feed.ts'
import { homeDark } from './home-dark.ts'
import { killEdge } from './kill-edge.ts'
import { killEngine } from './kill-engine.ts'
import { poison } from './poison.ts'
import { postgresRestart } from './postgres-restart.ts'
import { redisFlush } from './redis-flush.ts'
import { zombie } from './zombie.ts'

export const SCENARIOS: readonly Scenario[] = [
  homeDark,
  brokerDark,
  killEngine,
  zombie,
  killEdge,
  redisFlush,
  postgresRestart,
  duplicates,
  poison,
  feedScenario(),
]
