output "arns" {
  description = "The functions' ARNs, by name."
  value       = { for name, function in aws_lambda_function.function : name => function.arn }
}

output "names" {
  description = "The functions' names on Lambda, by name."
  value       = { for name, function in aws_lambda_function.function : name => function.function_name }
}

output "urls" {
  description = "The functions' URLs, by name; requests are signed (SigV4, service lambda)."
  value       = { for name, url in aws_lambda_function_url.function : name => url.function_url }
}

output "role_arns" {
  description = "The functions' roles, by name."
  value       = { for name, role in aws_iam_role.function : name => role.arn }
}

output "dead_letter_queue" {
  description = "The queue of events that no function could deal with: its name, ARN and URL."
  value = {
    name = aws_sqs_queue.dead.name
    arn  = aws_sqs_queue.dead.arn
    url  = aws_sqs_queue.dead.url
  }
}
