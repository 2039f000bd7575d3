"""A document that says everything a service may say beside its journey: steps behind the lines, several standards,
conditions of rules, and what later keeps the service good. In English alone, so that it stays short.
"""

WARD = """\
service: ward
title: {en: Day ward}
languages: [en]
state: to-be
label: {en: With a nurse at the door}
strategy:
  for_whom: {en: People who come for a morning}
  personas: [mrs-lin]
  not_for: {en: Emergencies}
  promise: {en: Home by noon}
  highest: {en: Being told what comes next}
  features: [live-number]
contact_limits: {per_visit: 2, per_month: 3, quiet_days: 84, hours_between: 24}
segments:
  - {id: visit-number, title: {en: Visit}, values: [{id: first, title: {en: First}}]}
personas:
  - id: mrs-lin
    name: {en: Mrs Lin}
    segment: {visit-number: first}
    needs:
      - {id: how-long, lens: time, said: {en: How long?}, quote: {en: "Nobody told me."}, touchpoints: [wait]}
stakeholders:
  - {id: patient, side: customer, near: 1, gives: {en: Trust}, gets: {en: Rest}, power: 2, interest: 5}
  - id: nurse
    name: {en: Nurse Chen}
    side: frontstage
    near: 1
    duty: {en: Receives everybody}
    essence: {en: Nobody is alone}
    exchanges: [{touchpoint: wait, gives: {en: The true time}, gets: {en: Patience}}]
  - {id: records, side: backstage}
journeys:
  - id: visit
    title: {en: A morning}
    scenario: {en: A first infusion}
    starts: {en: The letter}
    ends: {en: The call}
    stages:
      - id: come
        title: {en: Come}
        touchpoints:
          - id: wait
            title: {en: Wait}
            basis: observed
            thinks: {en: Have they forgotten me?}
            takes: {minutes: 20, minutes_at_most: 35}
            frontstage: {en: Says the time aloud}
            backstage:
              - {id: find-file, text: {en: Finds the file}, who: records}
              - {id: bring-file, text: {en: Brings it}, who: nurse, after: find-file}
            support: [{id: file-system, text: {en: File system}}]
            standards:
              - {id: told, text: {en: Told after 15 minutes}, measure: {event: wait, minutes_at_most: 15},
                 freedom: may bend, bend: {en: In which words}}
              - {id: looked-at, text: {en: Looked at first}, measure: {item: greeted, score_at_least: 4}}
            promises:
              - {id: place-kept, text: {en: Your place is kept}, measure: {event: wait, minutes_at_least: 10},
                 otherwise: {en: You are next}}
            fails: [file-missing]
            wait: {typical_minutes: 20, promised_minutes: 30, promise_quantile: 0.8, care_after_minutes: 25,
                   care: {en: A drink}}
            emotion: {planned: 1}
            designed_as: end
            moment_of_truth: {trigger: {en: The queue stops}, words: {en: "I have seen you."}, state: named}
      - id: later
        title: {en: Later}
        after: true
        touchpoints: [{id: call, title: {en: Call}}]
failures:
  - {id: file-missing, title: {en: File missing}, definition: {en: Not there on time}, step: find-file}
indicators: [{since: 2026-01-01, set: own, source: {en: Agreed in January}, weights: {file-missing: 10}}]
features:
  - {id: live-number, title: {en: Live number}, touchpoint: wait, layer: delight, kano: attractive,
     functional: {en: If it were there?}, dysfunctional: {en: If it were not?}}
surveys:
  - {id: pulse, title: {en: Pulse}, items: [{id: overall, kind: csat, wording: {en: "All in all?"}}]}
  - {id: audit, title: {en: Audit}, respondents: auditor,
     items: [{id: greeted, kind: csat, wording: {en: Looked at first?}}]}
rules:
  - id: low-and-long
    open: case
    when:
      all:
        - answer: {survey: pulse, item: overall, score_at_most: 2}
        - any:
            - wait: {touchpoint: wait, past_promise: true}
            - code: {touchpoint: wait, lens: time, sentiment_at_most: -0.3}
            - repeat: {within_days: 7}
        - not: {event: {kind: recover, within_days: 1}}
        - age: {hours_at_most: 24}
    to: nurse
    remedy: voucher
  - {id: tenth, cue: delight, when: {visits: {every: 10}}, to: nurse}
  - {id: first, cue: companion, when: {segment: {visit-number: first}}, to: nurse}
  - {id: silent, invite: pulse, when: {silence: {of: touchpoint, touchpoint: call, hours: 24}}, to: nurse}
queues:
  - {id: door, title: {en: Door}, touchpoint: wait, prefix: A, call_ahead: 3, skip_places: 3, skip_times: 2,
     booked_share: 0.5, fairness: {en: Pain first}, prepare: {en: Your card}}
remedies:
  - {id: voucher, title: {en: Voucher}, say: {en: We are sorry.}, costs: {amount: 5, currency: EUR},
     touchpoints: [wait], limits: [{who: nurse, up_to: {amount: 10, currency: EUR}}], above: nurse}
praise: [{id: seen, title: {en: Saw it first}, behaviour: welcome, points: 5, seen_by: team}]
purposes:
  - {id: serve-me, title: {en: To serve me}, wording: {en: May we remember this?}, holds: [seat], kept_days: 365}
benchmarks:
  - {id: tower, title: {en: Told at once}, industry: {en: Airline}, practice: {en: Reason and time},
     source: {en: Its rules}, dated: 2020-01-01, touchpoint: wait, feature: live-number, value: 15, unit: {en: min},
     n: 40, ours: {en: Not yet}}
skills: [{id: telling, title: {en: Telling}, behaviour: respond, levels: [{en: Not}, {en: Asked}, {en: Unasked}]}]
courses:
  - {id: basics, title: {en: Basics}, skills: [telling], for: [nurse], hours: 4, valid_months: 24}
  - {id: hard-words, title: {en: Hard words}, skills: [telling], after: [basics]}
kpis: [{id: promise, title: {en: Promise kept}, method: queue, options: {touchpoint: wait}, target: 80,
        reason: {en: What we told}, owner: nurse, review_months: 3}]
"""
