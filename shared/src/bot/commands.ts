// Pure: no I/O, no clock, no randomness.
// The bot's commands as they are registered: at Discord with their options, at Telegram by name.

/** Discord's option type for text; amounts too, because its numbers are floats. */
const TEXT = 3
const CHAT_INPUT = 1

const instrument = {
  ...{ type: TEXT, name: 'instrument', name_localizations: { ko: '종목' } },
  ...{
    description: '종목 이름, 코드 또는 초성',
    required: true,
    autocomplete: true,
    max_length: 64,
  },
}
const quantity = {
  ...{ type: TEXT, name: 'quantity', name_localizations: { ko: '수량' } },
  ...{ description: '수량 (예: 10, 0.01)', required: true, max_length: 24 },
}
const price = {
  ...{ type: TEXT, name: 'price', name_localizations: { ko: '지정가' } },
  ...{ description: '지정가; 비우면 시장가로 주문해요', required: false, max_length: 24 },
}
const code = {
  ...{ type: TEXT, name: 'code', name_localizations: { ko: '코드' } },
  ...{ description: '모투의 설정에서 만든 연결 코드', required: true, max_length: 16 },
}

type Option = typeof instrument | typeof quantity | typeof price | typeof code

const command = (name: string, description: string, options: readonly Option[] = []) => ({
  ...{ name, description, options },
})

export const COMMANDS = [
  command('price', '종목의 시세를 알려 드려요', [instrument]),
  command('rank', '지금 순위를 알려 드려요'),
  command('me', '내 계좌를 나에게만 보여 드려요'),
  command('buy', '매수 주문을 해요 (누르기 전에는 주문하지 않아요)', [instrument, quantity, price]),
  command('sell', '매도 주문을 해요 (누르기 전에는 주문하지 않아요)', [
    instrument,
    quantity,
    price,
  ]),
  command('link', '모투 계정을 연결해요', [code]),
  command('help', '쓸 수 있는 명령을 알려 드려요'),
] as const

export const DISCORD_COMMANDS = COMMANDS.map((one) => ({ ...one, type: CHAT_INPUT }))
export const TELEGRAM_COMMANDS = COMMANDS.map(({ name, description }) => ({
  ...{ command: name, description },
}))
