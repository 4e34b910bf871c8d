"""The quiz engine: questions and their types, attempts and steps; knows no course."""
