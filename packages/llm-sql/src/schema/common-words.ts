import { stem } from '../question/stem.ts'
import type { Thesaurus } from './thesaurus.ts'

/**
 * English words that people put for each other when they speak of records, one group a line. A word
 * of two parts is written with an underscore. Written for this package; only words that are safe to
 * exchange whatever the trade.
 */
const groups = `
customer client buyer purchaser shopper patron
employee staff worker personnel staff_member
manager boss supervisor head chief
person people individual human
student pupil learner
teacher instructor lecturer tutor
professor academic
doctor physician medic
patient sick_person
author writer
artist performer
singer vocalist
musician instrumentalist
player athlete sportsman
competitor contestant participant
pilot aviator
driver motorist
member participant
user account_holder
owner proprietor holder
company firm business enterprise corporation
organization organisation institution
department division section
supplier vendor provider
seller merchant dealer
shop store outlet
product item goods article merchandise
order purchase
invoice bill
payment remittance
price cost charge
fee charge
salary wage pay earning
income earning
revenue turnover
profit gain
budget funds
discount rebate reduction
country nation
city town municipality
state province
region area territory
county district
street road
address location
location place site position
hometown home_town
birthplace place_of_birth birth_place
birthday birth_date date_of_birth
first_name given_name forename christian_name
last_name surname family_name
nickname alias
phone telephone
phone_number telephone_number
email mail e_mail
gender sex
age years
spouse partner
child kid
car automobile vehicle
plane aircraft airplane aeroplane
airport airfield
train railway
ship boat vessel
truck lorry
flight journey
trip journey tour
destination target
film movie picture
song tune track
album record
book volume
magazine periodical journal
newspaper paper
picture image photo photograph
document file paper
article paper
course class curriculum
class lesson
subject topic theme
school college academy
university college
campus grounds
grade mark score
exam test examination
degree qualification
room chamber
apartment flat
house home building
building edifice
hotel inn
restaurant diner eatery
bar pub
dish meal
beverage drink
medicine drug medication
disease illness sickness
treatment therapy
hospital clinic
game match
match fixture
contest competition tournament
team squad
club association
coach trainer
stadium arena venue
party faction
election vote ballot
law statute
language tongue
color colour hue
size dimension
weight mass
height stature elevation
length distance
speed velocity
area surface
duration length_of_time
begin start
end finish
start_date begin_date
year annum
type kind category sort
category class kind
status state condition
description detail explanation
detail particular
comment remark note
message text
rating score
rank ranking position
code identifier
id identifier
level grade
role function
job occupation profession position
skill ability
event occurrence happening
show programme program
channel station
station stop
pet animal
mountain peak
river stream
lake loch
market marketplace
share stock
loan credit
account bank_account
`

const byWord = new Map<string, Set<string>>()
for (const line of groups.trim().split('\n')) {
  const words = line.split(' ').map((word) => word.replaceAll('_', ' '))
  for (const word of words) {
    const key = word.split(' ').map(stem).join(' ')
    const others = byWord.get(key) ?? new Set()
    for (const other of words) if (other !== word) others.add(other)
    byWord.set(key, others)
  }
}

/** A few hundred common English words of like meaning; what is known where no other thesaurus is given. */
export const commonThesaurus: Thesaurus = {
  synonymsOf: (word) => [...(byWord.get(word) ?? [])],
}

/** Asks a thesaurus, and the common words about what that does not know. */
export function withCommonWords(thesaurus: Thesaurus | undefined): Thesaurus {
  if (thesaurus === undefined) return commonThesaurus
  return {
    synonymsOf: (word) => {
      const given = thesaurus.synonymsOf(word)
      return given.length > 0 ? given : commonThesaurus.synonymsOf(word)
    },
  }
}
