// Pure: no I/O, no clock, no randomness.
// What the bot says, as data: each service writes it in its own way.

import type { ButtonKind } from './ask.ts'

export type BotButton = {
  kind: ButtonKind
  id: string
  label: string
}

/** Private unless it says otherwise. */
export type BotReply = {
  title: string
  lines: readonly string[]
  buttons: readonly BotButton[]
  isPublic?: true
}

export function say(title: string, ...lines: readonly string[]): BotReply {
  return { title, lines, buttons: [] }
}

export const SAYS = {
  help: say(
    '모투 봇이에요',
    '/price 종목: 시세를 알려 드려요.',
    '/rank: 지금 순위를 알려 드려요.',
    '/me: 내 계좌를 보여 드려요.',
    '/buy 종목 수량 [지정가], /sell 종목 수량 [지정가]: 주문해요.',
    '/link 코드: 모투 계정을 연결해요. 코드는 모투의 설정에서 만들 수 있어요.',
  ),
  dark: say('집 서버가 꺼져 있어요', '지금은 알려 드릴 수 없어요. 주문은 그대로 받아 둬요.'),
  linkInDark: say('집 서버가 꺼져 있어요', '지금은 연결할 수 없어요. 잠시 뒤에 다시 해 주세요.'),
  notLinked: say(
    '모투 계정이 연결되어 있지 않아요',
    '모투의 설정 → 디스코드·텔레그램 연결에서 코드를 만들고 /link 코드 를 입력해 주세요.',
  ),
  mayNotTrade: say(
    '봇으로 주문하는 것을 허용하지 않았어요',
    '설정에서 “봇으로 주문하기 허용”을 켜고 코드를 새로 만들어 다시 연결해 주세요.',
  ),
  unknownCode: say(
    '쓸 수 없는 코드예요',
    '코드는 10분 동안 한 번만 쓸 수 있어요. 설정에서 새로 만들어 주세요.',
  ),
  tooManyTries: say('코드를 너무 여러 번 틀렸어요', '10분 뒤에 다시 해 주세요.'),
  noInstrument: say('그런 종목을 찾지 못했어요', '종목 코드나 이름, 초성으로 찾을 수 있어요.'),
  noQuote: say('아직 시세가 없어요', '잠시 뒤에 다시 물어봐 주세요.'),
  onlyAlone: say('여기서는 할 수 없어요', '계좌와 주문은 봇과의 1:1 대화에서만 할 수 있어요.'),
  notYours: say('이 버튼은 물어본 사람만 누를 수 있어요'),
  gone: say('시간이 지났어요', '주문하지 않았어요. 다시 입력해 주세요.'),
  dismissed: say('주문하지 않았어요'),
  unknownOrder: say('주문을 찾지 못했어요', '잠시 뒤에 다시 눌러 주세요.'),
  busy: say('요청이 너무 많아요', '잠시 뒤에 다시 해 주세요.'),
  broken: say('처리하지 못했어요', '잠시 뒤에 다시 해 주세요.'),
} as const satisfies Record<string, BotReply>
