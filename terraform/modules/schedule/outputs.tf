output "schedules" {
  description = "The schedules' ARNs, by the names of what they report."
  value       = { for name, schedule in aws_scheduler_schedule.report : name => schedule.arn }
}
