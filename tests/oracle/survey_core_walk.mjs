// Leads people through surveys by survey-core's own rules, for the judge in survey_core.py.
//
// node survey_core_walk.mjs FOLDER: FOLDER holds node_modules. A line of standard input is
//   {"survey": SurveyJS JSON, "people": [{question: [{"value": …, "comment": …}, …]}, …]}
// (the first is posted first, the others where those before were refused); the answer, one line for each, is
//   [{"pages": …, "asked": …, "offered": …, "refused": …, "complete": …, "data": …}, …].
// What survey-core drops rather than refuses (a value that is not offered, a word where a number is asked) is told as
// refused here: it looks at the choices and rows that survey-core shows.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { join } from "node:path";

const { Model, settings } = createRequire(join(process.argv[2], "at"))("survey-core");
settings.comparator.caseSensitive = true;

const MOST_PAGES = 100;
const given = (value) => (Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null && value !== "");
const values = (items) => (items || []).map((item) => item.value);

function offered(question) {
  if (question.getType() === "matrix") {
    return { rows: question.visibleRows.map((row) => row.name), columns: values(question.visibleColumns) };
  }
  const items = question.getType() === "rating" ? question.visibleRateValues : question.visibleChoices;
  return items ? { choices: values(items) } : {};
}

function outside(question, value) {
  const shown = offered(question);
  if (!given(value)) return false;
  if (shown.choices) return [].concat(value).some((each) => !shown.choices.includes(each));
  if (shown.rows) return Object.values(value).some((point) => !shown.columns.includes(point));
  return question.isEmpty();
}

// A form posts nothing of a row that it does not show.
function postable(question, value) {
  if (question.getType() !== "matrix" || !given(value)) return value;
  const rows = offered(question).rows;
  return Object.fromEntries(Object.entries(value).filter(([row]) => rows.includes(row)));
}

function taken(question, post) {
  if (question.getType() === "html") return true;
  const value = postable(question, post.value);
  if (!question.isEmpty()) question.clearValue();
  if (given(value)) question.value = value;
  if (post.comment !== null) question.otherValue = post.comment;
  return !outside(question, value) && question.validate(false);
}

const posts = (answers, question) => answers[question.name] || [];

function onwards(survey) {
  return survey.isLastPage ? survey.completeLastPage() : survey.nextPage();
}

function walked(survey, answers) {
  survey.clear();
  const told = { pages: [], asked: [], offered: {}, refused: [], complete: false, data: {} };
  while (survey.state === "running" && told.pages.length < MOST_PAGES) {
    const page = survey.currentPage;
    const asked = page.questions.filter((question) => question.isVisibleInSurvey);
    told.pages.push(page.name);
    told.asked.push(...asked.map((question) => question.name));
    asked.forEach((question) => (told.offered[question.name] = offered(question)));
    const refused = asked.filter((question) => !taken(question, posts(answers, question)[0]));
    told.refused.push(...refused.map((question) => question.name));
    if (!refused.every((question) => posts(answers, question).slice(1).some((post) => taken(question, post)))) break;
    if (!onwards(survey)) break;
  }
  told.complete = survey.state === "completed";
  told.data = survey.data;
  return told;
}

for await (const line of createInterface({ input: process.stdin })) {
  const { survey, people } = JSON.parse(line);
  const model = new Model(survey);
  process.stdout.write(JSON.stringify(people.map((answers) => walked(model, answers))) + "\n");
}
