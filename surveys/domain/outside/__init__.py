"""Surveys that were asked elsewhere: their files of answers, read and analysed as our own."""
