"use strict";
// The pages work without this script; with it, files that are too large are refused before they are sent, a target
// suggests its question, and progress shows as it happens.

for (const form of document.querySelectorAll("form[data-limit]")) {
    const file = form.querySelector("input[type=file]");
    const message = form.querySelector("#too-large");
    const check = () => {
        const chosen = file.files[0];
        const limit = Number(form.dataset.limit);
        const isTooLarge = chosen !== undefined && chosen.size > limit;
        message.hidden = !isTooLarge;
        message.textContent = isTooLarge
            ? `The file has ${(chosen.size / 1048576).toFixed(1)} MB; at most ${(limit / 1048576).toFixed(1)} MB are taken.` : "";
        return !isTooLarge;
    };
    file.addEventListener("change", check);
    form.addEventListener("submit", event => {
        if (!check()) {
            event.preventDefault();
            file.focus();
        }
    });
}

const target = document.querySelector("select#target");
if (target !== null) {
    target.addEventListener("change", () => {
        const scenario = target.selectedOptions[0].dataset.scenario;
        const choice = scenario === undefined ? null : document.getElementById("scenario-" + scenario);
        if (choice !== null) {
            choice.checked = true;
        }
    });
}

const progress = document.querySelector("table#progress[data-url]");
if (progress !== null && progress.dataset.url !== "") {
    const status = document.getElementById("status");
    const events = new EventSource(progress.dataset.url);
    events.onmessage = event => {
        const now = JSON.parse(event.data);
        if (status.textContent !== now.status) {
            status.textContent = now.status;            // read aloud, so only when it changes
        }
        for (const model of now.models) {
            const row = progress.querySelector(`tr[data-model="${CSS.escape(model.key)}"]`);
            const state = row.querySelector(".state");
            state.textContent = model.state;
            state.dataset.state = model.state;
            row.querySelector(".time").textContent = model.time;
            row.querySelector(".what").textContent = model.text;
        }
        if (now.hasEnded) {
            events.close();
            location.reload();
        }
    };
}

const answer = document.getElementById("answer");
if (answer !== null) {
    answer.focus();
}
