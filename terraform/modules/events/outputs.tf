output "topic_arn" {
  description = "The topic that verdicts, alarms and costs are published on."
  value       = aws_sns_topic.told.arn
}

output "queues" {
  description = "The ARNs of the queues that call functions, by function."
  value = merge(
    { for queue, call in local.deployed : call.function => aws_sqs_queue.call[queue].arn },
    { for queue in aws_sqs_queue.given_up : "campaign-given-up" => queue.arn },
  )
}
