output "topic_arn" {
  description = "The topic that verdicts, alarms and costs are published on."
  value       = aws_sns_topic.told.arn
}
