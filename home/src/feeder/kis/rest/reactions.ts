// Pure: no I/O, no clock, no randomness.
// What is done about each of KIS's error codes.

export const REACTIONS = [
  /** Ask again, soon. */
  'retry',
  /** Asked too fast, or while another does: wait first. */
  'wait',
  'new_token',
  'new_approval',
  /** This registration cannot be had: do without. */
  'drop_registration',
  /** The call itself is wrong, and stays so. */
  'give_up',
  /** Keys or rights are wrong: a person has to look. */
  'ask_admin',
] as const
export type Reaction = (typeof REACTIONS)[number]

const REACTION_OF: Readonly<Record<string, Reaction>> = {
  // Gateway.
  EGW00001: 'retry',
  EGW00002: 'retry',
  EGW00003: 'ask_admin',
  EGW00101: 'give_up',
  EGW00102: 'ask_admin',
  EGW00103: 'ask_admin',
  EGW00104: 'ask_admin',
  EGW00105: 'ask_admin',
  EGW00115: 'give_up',
  EGW00116: 'give_up',
  EGW00121: 'new_token',
  EGW00122: 'new_token',
  EGW00123: 'new_token',
  EGW00131: 'give_up',
  EGW00132: 'give_up',
  EGW00133: 'wait',
  EGW00201: 'wait',
  EGW00202: 'retry',
  EGW00203: 'retry',
  EGW00205: 'new_token',
  EGW00206: 'ask_admin',
  EGW00207: 'ask_admin',
  EGW00208: 'give_up',
  EGW00213: 'give_up',
  // Timeouts behind the gateway: what only reads may be asked again.
  EGW00301: 'retry',
  EGW00302: 'retry',
  EGW00304: 'retry',
  // Service.
  OPSQ0002: 'give_up',
  OPSQ1002: 'new_token',
  OPSQ2000: 'give_up',
  OPSQ2001: 'give_up',
  OPSQ2002: 'give_up',
  OPSQ9995: 'give_up',
  OPSQ9996: 'give_up',
  OPSQ9997: 'give_up',
  OPSQ9998: 'give_up',
  OPSQ9999: 'give_up',
  // WebSocket. 0000 and 0002 (already subscribed), 0001 and 0003 (not there) are no errors.
  OPSP0007: 'retry',
  OPSP0008: 'drop_registration',
  OPSP0010: 'ask_admin',
  OPSP0011: 'new_approval',
  OPSP8991: 'drop_registration',
  OPSP8992: 'drop_registration',
  OPSP8993: 'drop_registration',
  OPSP8996: 'wait',
  OPSP8997: 'give_up',
  OPSP9990: 'give_up',
  OPSP9991: 'give_up',
  OPSP9992: 'give_up',
  OPSP9993: 'give_up',
  OPSP9994: 'give_up',
  OPSP9995: 'give_up',
  OPSP9996: 'give_up',
  OPSP9997: 'give_up',
  OPSP9998: 'give_up',
  OPSP9999: 'give_up',
  // Ours: no answer in time, no connection, and an answer that is none.
  TIMEOUT: 'retry',
  NETWORK: 'retry',
  HTTP_5: 'retry',
  HTTP_429: 'wait',
}

/** Codes that are in no list are not worth asking again for. */
export function reactionTo(code: string): Reaction {
  return REACTION_OF[code] ?? 'give_up'
}

export const knownCodes = (): readonly string[] => Object.keys(REACTION_OF)
