"""A small service document, with comments, that the tests read, break and change: Mrs Lin's clinic."""

CLINIC = """\
# Mrs Lin's clinic. Nurse Chen keeps this file.
service: clinic
title: {en: "Outpatient visit", zh-Hant: "門診看診", zh-Hans: "门诊就诊"}
languages: [en, zh-Hant, zh-Hans]   # in the order of the sign at the door
dated: 2026-03-01

stakeholders:
  - {id: nurse, name: {en: "Nurse Chen", zh-Hant: "陳護理師", zh-Hans: "陈护士"}, side: frontstage, touches: [wait]}

journeys:
  - id: visit
    title: {en: "From worry to relief", zh-Hant: "從擔心到安心", zh-Hans: "从担心到安心"}
    stages:
      # Manager Wu wants this stage shorter.
      - id: arrive
        title: {en: "Arrive", zh-Hant: "到院", zh-Hans: "到院"}
        touchpoints:
          - id: register
            title: {en: "Register", zh-Hant: "報到", zh-Hans: "报到"}
            standard:
              text: {en: "Done within three minutes", zh-Hant: "三分鐘內完成", zh-Hans: "三分钟内完成"}
              measure: {event: serve, minutes_at_most: 3}   # agreed in January
            emotion: {planned: 0}
          # Not knowing is worse than waiting.
          - id: wait
            title: {en: "Wait to be called", zh-Hant: "候診叫號", zh-Hans: "候诊叫号"}
            owner: nurse
            fails: [estimate-missed]
            emotion: {planned: -1}
      - id: consult
        title: {en: "See the doctor", zh-Hant: "看診", zh-Hans: "就诊"}
        touchpoints:
          - id: consult
            title: {en: "Consultation", zh-Hant: "診間", zh-Hans: "诊室"}
            emotion: {planned: 4}
            designed_as: peak
      - id: leave
        title: {en: "Leave", zh-Hant: "離院", zh-Hans: "离院"}
        touchpoints:
          - id: pay
            title: {en: "Pay and collect medicine", zh-Hant: "批價領藥", zh-Hans: "缴费取药"}
            emotion: {planned: 2}
            designed_as: end

failures:
  - {id: estimate-missed, title: {en: "Estimate missed", zh-Hant: "預估落空", zh-Hans: "预估落空"}}
indicators:
  - since: 2026-01-01
    per: visits
    weights: {estimate-missed: 5}

surveys:
  - id: pulse
    title: {en: "Pulse", zh-Hant: "看診後", zh-Hans: "就诊后"}
    items:
      - {id: nps, kind: nps, required: true,
         wording: {en: "Recommend?", zh-Hant: "願意推薦嗎？", zh-Hans: "愿意推荐吗？"}}
      - id: why
        kind: text
        about: nps
        show_if: {item: nps, at_most: 6}
        wording: {en: "Why?", zh-Hant: "為什麼？", zh-Hans: "为什么？"}

rules:
  - {open: case, survey: pulse, item: nps, score_at_most: 6, to: nurse}
"""
